/** What a batch costs before it is run: memory by part for every method, operations, time. */
@NullMarked
package org.transducer4j.bench.plan;

import org.jspecify.annotations.NullMarked;
