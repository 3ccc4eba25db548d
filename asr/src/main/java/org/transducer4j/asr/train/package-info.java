/** Training: options in, checkpoints and epoch lines out. */
@NullMarked
package org.transducer4j.asr.train;

import org.jspecify.annotations.NullMarked;
