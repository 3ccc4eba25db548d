/** Pruned transducers: a simple joiner that costs little, and the part of the lattice that it leaves to the full one. */
@NullMarked
package org.transducer4j.loss.prune;

import org.jspecify.annotations.NullMarked;
