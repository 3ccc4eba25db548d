/** Streaming: sound that is recognised while it comes. */
@NullMarked
package org.transducer4j.asr.stream;

import org.jspecify.annotations.NullMarked;
