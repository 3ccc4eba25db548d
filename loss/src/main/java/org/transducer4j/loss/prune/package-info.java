/**
 * What decides which nodes of a lattice exist: bands from alignments, and from the simple joiner of pruned training.
 */
@NullMarked
package org.transducer4j.loss.prune;

import org.jspecify.annotations.NullMarked;
