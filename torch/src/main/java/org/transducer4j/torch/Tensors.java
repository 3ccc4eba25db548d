package org.transducer4j.torch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.transducer4j.loss.input.Matrix;

/**
 * Tensors as memory and memory as tensors, without a copy.
 *
 * <p>A view is valid as long as its tensor is: keep a reference to the tensor, and mind the {@code PointerScope} that
 * owns it.
 */
public final class Tensors {
    private Tensors() {}

    /**
     * Checks that a tensor can be used at all; anything else of a closed one would end the process or fail in C++.
     *
     * @param name what the message calls the tensor
     * @param tensor a tensor
     * @throws IllegalArgumentException if it is closed, as by the {@code PointerScope} in which it was made, or undefined
     */
    public static void requireOpen(String name, Tensor tensor) {
        if (tensor.isNull()) {
            throw new IllegalArgumentException(
                    name + " is a closed tensor: the PointerScope in which it was made has ended,"
                            + " or it was closed by hand");
        }
        Torch.load(); // whoever made the tensor may not have
        if (!tensor.defined()) {
            throw new IllegalArgumentException(name + " is an undefined tensor");
        }
    }

    /**
     * The memory of a tensor.
     *
     * @param name what error messages call the tensor
     * @param tensor float32, on the CPU, contiguous
     * @return its elements, row-major
     * @throws IllegalArgumentException if it isn't such a tensor
     */
    public static MemorySegment memory(String name, Tensor tensor) {
        requireOpen(name, tensor);
        if (!tensor.is_cpu()) {
            throw new IllegalArgumentException(name + " must be on the CPU, not on "
                    + tensor.device().str().getString());
        }
        if (tensor.scalar_type().intern() != ScalarType.Float) {
            throw new IllegalArgumentException(name + " must be float32, not " + tensor.scalar_type());
        }
        if (!tensor.is_contiguous()) {
            throw new IllegalArgumentException(name + " of shape " + Arrays.toString(shape(tensor))
                    + " must be contiguous: call contiguous() on it first");
        }
        return segment(tensor, tensor.numel() * Float.BYTES);
    }

    /**
     * A tensor as a matrix: all dimensions but the last make the rows.
     *
     * @param name what error messages call the tensor
     * @param tensor float32, on the CPU, contiguous, one dimension or more
     * @return a view of it
     * @throws IllegalArgumentException if it isn't such a tensor
     */
    public static Matrix matrix(String name, Tensor tensor) {
        MemorySegment memory = memory(name, tensor);
        long[] shape = shape(tensor);
        if (shape.length == 0) {
            throw new IllegalArgumentException(name + " is a scalar, not a matrix");
        }
        long columns = shape[shape.length - 1];
        return new Matrix(memory, columns == 0 ? 0 : tensor.numel() / columns, Math.toIntExact(columns));
    }

    /**
     * Memory as a tensor.
     *
     * @param memory off the heap; must outlive the tensor
     * @param shape its dimensions
     * @return a float32 tensor over the memory
     * @throws IllegalArgumentException if the memory is on the heap or too small
     */
    public static Tensor over(MemorySegment memory, long... shape) {
        long bytes = elements(shape) * Float.BYTES;
        if (!memory.isNative()) {
            throw new IllegalArgumentException("a tensor can't lie over an array on the heap, use Tensors.of");
        }
        if (memory.byteSize() < bytes) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " needs " + bytes
                    + " bytes, the memory has " + memory.byteSize());
        }
        Torch.load();
        return torch.from_blob(new Address(memory.address(), bytes / Float.BYTES), shape);
    }

    /**
     * A new tensor with a copy of an array.
     *
     * @param values the elements, row-major
     * @param shape its dimensions
     * @return a float32 tensor
     * @throws IllegalArgumentException if the number of elements isn't the shape's
     */
    public static Tensor of(float[] values, long... shape) {
        requireElements(values.length, shape);
        Torch.load();
        Tensor tensor = torch.empty(shape);
        MemorySegment.copy(values, 0, memory("new", tensor), ValueLayout.JAVA_FLOAT, 0, values.length);
        return tensor;
    }

    /**
     * A new tensor of indices.
     *
     * @param values the elements, row-major
     * @param shape its dimensions
     * @return an int64 tensor
     * @throws IllegalArgumentException if the number of elements isn't the shape's
     */
    public static Tensor indices(long[] values, long... shape) {
        requireElements(values.length, shape);
        Torch.load();
        Tensor tensor = torch.empty(shape, new TensorOptions(ScalarType.Long), null);
        MemorySegment.copy(
                values, 0, segment(tensor, values.length * (long) Long.BYTES), ValueLayout.JAVA_LONG, 0, values.length);
        return tensor;
    }

    /**
     * The label before each row of a predictor: what {@code Embedding} looks up for one that sees a single label.
     *
     * @param labels B transcripts of U labels
     * @param blank stands before the first label, and in the padding behind a transcript
     * @return (B, Umax+1) int64: row u holds label u-1
     */
    public static Tensor lastLabels(int[][] labels, int blank) {
        int rows = Arrays.stream(labels).mapToInt(l -> l.length).max().orElse(0) + 1;
        long[] last = new long[Math.multiplyExact(labels.length, rows)];
        Arrays.fill(last, blank);
        for (int b = 0; b < labels.length; b++) {
            for (int u = 0; u < labels[b].length; u++) {
                last[b * rows + u + 1] = labels[b][u];
            }
        }
        return indices(last, labels.length, rows);
    }

    /**
     * A copy of a tensor's elements.
     *
     * @param tensor float32, on the CPU, contiguous
     * @return the elements, row-major
     * @throws IllegalArgumentException if it isn't such a tensor
     */
    public static float[] toArray(Tensor tensor) {
        return memory("the tensor", tensor).toArray(ValueLayout.JAVA_FLOAT);
    }

    /**
     * The dimensions of a tensor.
     *
     * @param tensor a tensor
     * @return its shape
     * @throws IllegalArgumentException if it is closed or undefined
     */
    public static long[] shape(Tensor tensor) {
        requireOpen("the tensor", tensor);
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    public static long elements(long... shape) {
        long elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }

    private static void requireElements(long found, long[] shape) {
        if (found != elements(shape)) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(shape) + " has " + elements(shape)
                    + " elements, the array " + found);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment segment(Tensor tensor, long bytes) {
        try (Pointer data = tensor.data_ptr()) {
            return MemorySegment.ofAddress(data == null ? 0 : data.address()).reinterpret(bytes);
        }
    }

    /** A pointer to memory that somebody else owns. */
    private static final class Address extends FloatPointer {
        Address(long address, long elements) {
            super((Pointer) null);
            this.address = address;
            this.limit = elements;
            this.capacity = elements;
        }
    }
}
