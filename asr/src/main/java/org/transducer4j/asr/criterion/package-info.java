/** Criteria: what training minimises. */
@NullMarked
package org.transducer4j.asr.criterion;

import org.jspecify.annotations.NullMarked;
