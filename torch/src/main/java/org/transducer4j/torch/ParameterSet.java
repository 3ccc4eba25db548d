package org.transducer4j.torch;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a model by name, all in one flat buffer, and their gradients in another of the same layout.
 *
 * <p>Layers ask for their parameters with {@link #create}; {@link #seal()} then moves all of them into the flat
 * buffers, so that optimiser, clipping, averaging and checkpoints each work on one vector. Parameters with weight decay come first.
 * Initial values are drawn by Java from the seed and the parameter's name: no order, no library version changes them.
 *
 * <p>The set owns its tensors: they outlive the {@code PointerScope} in which they were made, and end with {@link #close()}, or
 * when nobody refers to them.
 */
public final class ParameterSet implements AutoCloseable {
    private final long seed;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private @Nullable Flat flat;
    private boolean closed;

    /**
     * An empty set.
     *
     * @param seed of the initial values
     * @throws LibtorchException if this machine has no libtorch that loads
     */
    public ParameterSet(long seed) {
        Torch.load();
        this.seed = seed;
    }

    /**
     * Where a parameter lies in a flat buffer.
     *
     * @param name its name
     * @param shape its dimensions
     * @param offset its first element
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Place(String name, long[] shape, long offset) {
        /**
         * The number of elements.
         *
         * @return the number
         */
        public long elements() {
            return Tensors.elements(shape);
        }

        /**
         * The part of a flat buffer that belongs to this parameter.
         *
         * @param flat a float32 tensor with the set's layout
         * @return its memory
         */
        public MemorySegment in(Tensor flat) {
            return Tensors.memory("flat", flat).asSlice(offset * Float.BYTES, elements() * Float.BYTES);
        }
    }

    /** The buffers of a sealed set. */
    private record Flat(Tensor values, Tensor gradients, long decayed) {}

    /** A parameter before and after sealing. */
    private static final class Entry {
        final Tensor tensor;
        final long[] shape;
        final boolean decay;
        long offset;

        Entry(Tensor tensor, long[] shape, boolean decay) {
            this.tensor = tensor;
            this.shape = shape;
            this.decay = decay;
        }
    }

    /**
     * A weight, uniform in [-bound, bound), with weight decay.
     *
     * @param name unique name
     * @param bound limit of its initial values
     * @param shape its dimensions
     * @return the leaf tensor; stays the same object for the life of the set
     */
    public Tensor weight(String name, double bound, long... shape) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 31 + name.hashCode());
        return create(name, true, () -> (2 * random.nextDouble() - 1) * bound, shape);
    }

    /**
     * A bias or gain, without weight decay.
     *
     * @param name unique name
     * @param value its initial value
     * @param shape its dimensions
     * @return the leaf tensor; stays the same object for the life of the set
     */
    public Tensor constant(String name, double value, long... shape) {
        return create(name, false, () -> value, shape);
    }

    private Tensor create(String name, boolean decay, DoubleSupplier initial, long... shape) {
        requireOpen();
        if (flat != null) {
            throw new IllegalStateException("the parameter set is sealed, " + name + " comes too late");
        }
        float[] initialValues = new float[Math.toIntExact(Tensors.elements(shape))];
        for (int i = 0; i < initialValues.length; i++) {
            initialValues[i] = (float) initial.getAsDouble();
        }
        Tensor tensor = Tensors.of(initialValues, shape);
        tensor.set_requires_grad(true);
        tensor.retainReference();
        if (entries.putIfAbsent(name, new Entry(tensor, shape, decay)) != null) {
            throw new IllegalStateException("there are two parameters " + name);
        }
        return tensor;
    }

    /** Moves all parameters into the flat buffers; no parameter can be created afterwards. */
    public void seal() {
        requireOpen();
        if (flat != null) {
            return;
        }
        List<Entry> order = new ArrayList<>();
        entries.values().stream().filter(e -> e.decay).forEach(order::add);
        entries.values().stream().filter(e -> !e.decay).forEach(order::add);
        long total = 0;
        long decayed = 0;
        for (Entry entry : order) {
            entry.offset = total;
            total += Tensors.elements(entry.shape);
            decayed = entry.decay ? total : decayed;
        }
        Tensor values = torch.zeros(total);
        Tensor gradients = torch.zeros(total);
        values.retainReference();
        gradients.retainReference();
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            for (Entry entry : order) {
                Tensor view = view(values, entry);
                view.copy_(entry.tensor);
                entry.tensor.set_data(view);
                entry.tensor.mutable_grad().put(view(gradients, entry));
            }
        }
        flat = new Flat(values, gradients, decayed);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the parameter set is closed");
        }
    }

    private Flat flat() {
        requireOpen();
        if (flat == null) {
            throw new IllegalStateException(
                    "the parameter set isn't sealed: call seal() after its last layer was made");
        }
        return flat;
    }

    /** Frees all tensors of the set. Views of them, and whatever else refers to their memory in libtorch, stay valid. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        entries.values().forEach(entry -> entry.tensor.releaseReference());
        if (flat != null) {
            flat.values().releaseReference();
            flat.gradients().releaseReference();
        }
    }

    private static Tensor view(Tensor flat, Entry entry) {
        return flat.narrow(0, entry.offset, Tensors.elements(entry.shape)).view(entry.shape);
    }

    /**
     * All values, weights with decay first.
     *
     * @return (N) the flat buffer itself
     * @throws IllegalStateException if the set isn't sealed, or closed
     */
    public Tensor values() {
        return flat().values();
    }

    /**
     * All gradients; {@code backward()} adds to them.
     *
     * @return (N) the flat buffer itself
     * @throws IllegalStateException if the set isn't sealed, or closed
     */
    public Tensor gradients() {
        return flat().gradients();
    }

    /** Sets all gradients to zero. */
    public void zeroGradients() {
        flat().gradients().zero_();
    }

    /**
     * The number of elements with weight decay, at the front of the flat buffers.
     *
     * @return the number
     * @throws IllegalStateException if the set isn't sealed, or closed
     */
    public long decayed() {
        return flat().decayed();
    }

    /**
     * The number of elements.
     *
     * @return N
     * @throws IllegalStateException if the set isn't sealed, or closed
     */
    public long size() {
        return flat().values().numel();
    }

    /**
     * Where each parameter lies in the flat buffers, in the order of creation.
     *
     * @return the places
     * @throws IllegalStateException if the set isn't sealed, or closed
     */
    public List<Place> places() {
        flat();
        List<Place> places = new ArrayList<>();
        entries.forEach((name, entry) -> places.add(new Place(name, entry.shape.clone(), entry.offset)));
        return places;
    }

    /**
     * Parameters as a vector for libtorch's own functions.
     *
     * @param names their names
     * @return the tensors
     */
    public TensorVector vector(String... names) {
        TensorVector vector = new TensorVector();
        for (String name : names) {
            Entry entry = entries.get(name);
            if (entry == null) {
                throw new IllegalArgumentException("there is no parameter " + name);
            }
            vector.push_back(entry.tensor);
        }
        return vector;
    }
}
