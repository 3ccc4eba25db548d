/** Corpora: manifests, splits, batches by duration. */
@NullMarked
package org.transducer4j.speech.corpus;

import org.jspecify.annotations.NullMarked;
