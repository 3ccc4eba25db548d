/** The oracle: the formulas of the field in double precision, as textbook loops. Never optimised. */
@NullMarked
package org.transducer4j.loss.internal.reference;

import org.jspecify.annotations.NullMarked;
