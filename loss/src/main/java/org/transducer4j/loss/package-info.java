/**
 * What a user touches: the exact transducer loss and its gradients.
 *
 * <p>{@link org.transducer4j.loss.TransducerLoss} computes the loss from encoder and predictor outputs through a
 * joint network without ever holding the logits of a batch; {@link org.transducer4j.loss.LogitsLoss} computes it from
 * logits that somebody else has made.
 *
 * <p>Letters, everywhere: B utterances, T frames, U labels, V symbols with blank, H joint width.
 */
@NullMarked
package org.transducer4j.loss;

import org.jspecify.annotations.NullMarked;
