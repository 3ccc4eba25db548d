/** What {@code t4j demo} needs and nothing else does: speech from a synthesiser, and a sum about memory. */
@NullMarked
package org.transducer4j.asr.demo;

import org.jspecify.annotations.NullMarked;
