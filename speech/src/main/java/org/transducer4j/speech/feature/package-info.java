/** Features: the log-mel filterbank and its augmentation. */
@NullMarked
package org.transducer4j.speech.feature;

import org.jspecify.annotations.NullMarked;
