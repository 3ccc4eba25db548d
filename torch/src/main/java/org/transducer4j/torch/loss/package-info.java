/** The losses on libtorch tensors: values with autograd graphs, gradients computed by the loss itself. */
@NullMarked
package org.transducer4j.torch.loss;

import org.jspecify.annotations.NullMarked;
