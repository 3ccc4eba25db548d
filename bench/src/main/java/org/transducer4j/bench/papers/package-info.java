/** The tables of the works: published methods side by side on this machine. */
@NullMarked
package org.transducer4j.bench.papers;

import org.jspecify.annotations.NullMarked;
