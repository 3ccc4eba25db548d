/** Word errors, and the files that the field keeps of them. */
@NullMarked
package org.transducer4j.asr.score;

import org.jspecify.annotations.NullMarked;
