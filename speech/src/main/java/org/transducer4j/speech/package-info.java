/**
 * From sound files and transcripts to batches of features: audio in, log-mel filterbanks, manifests, tokens,
 * augmentation, batches by duration, and the preparation of data.
 *
 * <p>Bad data and bad files are a {@link org.transducer4j.speech.BadInputException} that names the file and, where one
 * is known, the line of the manifest. Misuse of the API is an {@link java.lang.IllegalArgumentException}.
 */
@NullMarked
package org.transducer4j.speech;

import org.jspecify.annotations.NullMarked;
