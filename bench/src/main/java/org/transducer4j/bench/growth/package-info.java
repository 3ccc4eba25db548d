/** How time grows with each of B, T, U, V and H. */
@NullMarked
package org.transducer4j.bench.growth;

import org.jspecify.annotations.NullMarked;
