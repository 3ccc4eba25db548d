/** From a checkpoint and sound to text with times. */
@NullMarked
package org.transducer4j.asr.decode;

import org.jspecify.annotations.NullMarked;
