/**
 * What goes into a loss and what comes out of it: matrices, the joint network, utterances, options, results.
 */
@NullMarked
package org.transducer4j.loss.input;

import org.jspecify.annotations.NullMarked;
