/** Which nodes of a lattice are worth computing: bounds from alignments. */
@NullMarked
package org.transducer4j.loss.prune;

import org.jspecify.annotations.NullMarked;
