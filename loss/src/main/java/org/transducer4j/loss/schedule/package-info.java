/** How many nodes are in flight: cuts an utterance's nodes into tiles and drives the kernels over them. */
@NullMarked
package org.transducer4j.loss.schedule;

import org.jspecify.annotations.NullMarked;
