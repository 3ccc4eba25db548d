/** Which nodes of the lattice exist. */
@NullMarked
package org.transducer4j.loss.lattice;

import org.jspecify.annotations.NullMarked;
