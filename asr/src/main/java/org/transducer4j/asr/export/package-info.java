/** Export: a trained model as files that other programs, or this one, read. */
@NullMarked
package org.transducer4j.asr.export;

import org.jspecify.annotations.NullMarked;
