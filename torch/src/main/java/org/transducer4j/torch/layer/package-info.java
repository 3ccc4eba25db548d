/** Network layers on libtorch: one class a layer, shapes in its Javadoc. */
@NullMarked
package org.transducer4j.torch.layer;

import org.jspecify.annotations.NullMarked;
