/** Being built. */
@NullMarked
package org.transducer4j.asr;

import org.jspecify.annotations.NullMarked;
