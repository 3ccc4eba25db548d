/** Plans groups and tiles within the memory budget, and drives the kernels over them. */
@NullMarked
package org.transducer4j.loss.internal.engine;

import org.jspecify.annotations.NullMarked;
