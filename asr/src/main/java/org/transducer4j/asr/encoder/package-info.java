/** Encoders: from features to the frames that the joint network sees, as stages with borders between them. */
@NullMarked
package org.transducer4j.asr.encoder;

import org.jspecify.annotations.NullMarked;
