/** What the training head (joint network, loss, gradients) costs, method by method. */
@NullMarked
package org.transducer4j.bench.head;

import org.jspecify.annotations.NullMarked;
