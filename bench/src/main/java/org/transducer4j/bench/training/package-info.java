/** Trainings that differ in their loss only. */
@NullMarked
package org.transducer4j.bench.training;

import org.jspecify.annotations.NullMarked;
