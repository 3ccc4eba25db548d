/** How many nodes are in flight: groups of utterances, tiles of their rows, and the memory budget that both keep to. */
@NullMarked
package org.transducer4j.loss.schedule;

import org.jspecify.annotations.NullMarked;
