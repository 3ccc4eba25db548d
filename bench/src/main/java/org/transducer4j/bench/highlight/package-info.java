/** A batch that nothing else computes on such a machine: 1024 utterances of 40 seconds. */
@NullMarked
package org.transducer4j.bench.highlight;

import org.jspecify.annotations.NullMarked;
