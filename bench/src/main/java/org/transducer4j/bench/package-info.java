/** Checks of the loss against cases whose losses and gradients others have computed. */
@NullMarked
package org.transducer4j.bench;

import org.jspecify.annotations.NullMarked;
