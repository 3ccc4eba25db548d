package org.transducer4j.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * AdamW (Loshchilov and Hutter 2019) on the flat buffers of a {@link ParameterSet} or on tensors by name, with clipping by the global norm and
 * an exponential average of the weights.
 *
 * <p>Our own small one, because the whole state must be saved and restored to the bit, and the bindings of libtorch's
 * hide it. The state is {@link #firstMoment()}, {@link #secondMoment()}, {@link #average()} and {@link #steps()}. It belongs to the optimiser: it outlives
 * the {@code PointerScope} in which it was made and ends with {@link #close()}, or when nobody refers to it. The trained tensors aren't closed.
 */
public final class AdamWOptimizer implements AutoCloseable {
    private final AdamWSettings settings;
    private final @Nullable ParameterSet parameters;
    private final List<Part> parts;
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final Tensor average;
    private int steps;
    private boolean closed;

    /**
     * What is trained as one vector.
     *
     * @param name what error messages call it
     * @param values the tensor itself
     * @param offset of its first element in the flat state
     * @param elements their number
     * @param decayed how many of them, at the front, decay
     */
    private record Part(String name, Tensor values, long offset, long elements, long decayed) {
        /** Its part of the state, as a vector. */
        Tensor of(Tensor flat) {
            return flat.narrow(0, offset, elements);
        }

        /** The values as a vector over the same memory. */
        Tensor vector() {
            return values.detach().view(-1);
        }
    }

    /**
     * An optimiser with a fresh state, for a set.
     *
     * @param parameters a sealed set
     * @param settings how it steps
     * @throws IllegalStateException if the set isn't sealed, or closed
     */
    public AdamWOptimizer(ParameterSet parameters, AdamWSettings settings) {
        this(
                parameters,
                List.of(new Part("the parameter set", parameters.values(), 0, parameters.size(), parameters.decayed())),
                settings);
    }

    /**
     * An optimiser with a fresh state, for any tensors. Those with two dimensions or more decay, vectors (biases and gains) don't.
     * The state holds the tensors one behind the other, in the order of the map.
     *
     * @param tensors what is trained, by the names that error messages use: leaves that require gradients, float32, on the CPU, contiguous
     * @param settings how it steps
     * @throws IllegalArgumentException if a tensor isn't such a one, is there twice, or there is none
     */
    public AdamWOptimizer(SequencedMap<String, Tensor> tensors, AdamWSettings settings) {
        this(null, parts(tensors), settings);
    }

    private AdamWOptimizer(@Nullable ParameterSet parameters, List<Part> parts, AdamWSettings settings) {
        this.parameters = parameters;
        this.settings = settings;
        this.parts = parts;
        Part last = parts.getLast();
        long total = last.offset() + last.elements();
        firstMoment = torch.zeros(total);
        secondMoment = torch.zeros(total);
        average = torch.zeros(total);
        try (PointerScope _ = new PointerScope()) {
            parts.forEach(part -> part.of(average).copy_(part.vector()));
        }
        firstMoment.retainReference();
        secondMoment.retainReference();
        average.retainReference();
    }

    private static List<Part> parts(SequencedMap<String, Tensor> tensors) {
        List<Part> parts = new ArrayList<>();
        Map<Long, String> names = new HashMap<>();
        long total = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            String name = entry.getKey();
            Tensor tensor = entry.getValue();
            long address = Tensors.memory(name, tensor).address();
            if (!tensor.is_leaf()) {
                throw new IllegalArgumentException(name
                        + " isn't a leaf but the result of an operation: train the tensor that it was made from, or call"
                        + " detach() and set_requires_grad(true)");
            }
            if (!tensor.requires_grad()) {
                throw new IllegalArgumentException(
                        name + " doesn't require its gradient: call set_requires_grad(true) on it");
            }
            long elements = tensor.numel();
            String other = elements == 0 ? null : names.putIfAbsent(address, name);
            if (other != null) {
                throw new IllegalArgumentException(
                        name + " has the same memory as " + other + ": leave one of them out");
            }
            parts.add(new Part(name, tensor, total, elements, tensor.dim() > 1 ? elements : 0));
            total += elements;
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("there is no tensor to train: AdamW needs 1 or more");
        }
        return List.copyOf(parts);
    }

    /**
     * One step with the gradients that the tensors hold. A tensor without a gradient isn't moved.
     *
     * @param learningRate of this step
     * @return the norm of the gradient before clipping; if it isn't finite, nothing was changed
     * @throws IllegalStateException if this optimiser or what it trains is closed
     */
    public double step(double learningRate) {
        requireOpen();
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            List<@Nullable Tensor> gradients = new ArrayList<>();
            double norm = 0;
            for (Part part : parts) {
                Tensor g = gradient(part);
                gradients.add(g);
                if (g != null) {
                    double ofPart = torch.linalg_vector_norm(g).item_double();
                    norm = norm == 0 ? ofPart : Math.hypot(norm, ofPart);
                }
            }
            if (!Double.isFinite(norm)) {
                return norm;
            }
            steps++;
            // Early on the average forgets faster, else the initial weights would stay in it.
            double decay = Math.min(settings.averageDecay(), (1.0 + steps) / (10.0 + steps));
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                Tensor g = gradients.get(i);
                if (g != null) {
                    if (settings.clipNorm() > 0 && norm > settings.clipNorm()) {
                        g.mul_(new Scalar(settings.clipNorm() / norm));
                    }
                    move(part, g, learningRate);
                }
                part.of(average).lerp_(part.vector(), new Scalar(1 - decay));
            }
            return norm;
        }
    }

    private void move(Part part, Tensor g, double learningRate) {
        double correction1 = 1 - Math.pow(settings.beta1(), steps);
        double correction2 = 1 - Math.pow(settings.beta2(), steps);
        Tensor first = part.of(firstMoment);
        Tensor second = part.of(secondMoment);
        first.lerp_(g, new Scalar(1 - settings.beta1()));
        second.mul_(new Scalar(settings.beta2())).addcmul_(g, g, new Scalar(1 - settings.beta2()));
        Tensor denominator =
                second.sqrt().div_(new Scalar(Math.sqrt(correction2))).add_(new Scalar(settings.epsilon()));
        Tensor values = part.vector();
        values.narrow(0, 0, part.decayed()).mul_(new Scalar(1 - learningRate * settings.weightDecay()));
        values.addcdiv_(first, denominator, new Scalar(-learningRate / correction1));
    }

    /** The gradient as a vector, or null if there is none. */
    private @Nullable Tensor gradient(Part part) {
        if (parameters != null) {
            return parameters.gradients();
        }
        Tensor gradient = part.values().grad();
        return gradient.defined() ? gradient.reshape(-1) : null;
    }

    /**
     * Sets all gradients to zero.
     *
     * @throws IllegalStateException if this optimiser or what it trains is closed
     */
    public void zeroGradients() {
        requireOpen();
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            for (Part part : parts) {
                // Not gradient(part), which copies one with gaps.
                Tensor gradient = parameters == null ? part.values().grad() : parameters.gradients();
                if (gradient.defined()) {
                    gradient.zero_();
                }
            }
        }
    }

    /**
     * Puts the averaged weights in the place of the weights, and these into the average; call it again to undo it.
     *
     * @throws IllegalStateException if this optimiser or what it trains is closed
     */
    public void swapAverage() {
        requireOpen();
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            for (Part part : parts) {
                Tensor values = part.vector();
                Tensor before = values.clone();
                values.copy_(part.of(average));
                part.of(average).copy_(before);
            }
        }
    }

    private void requireOpen() {
        requireOwnState();
        if (parameters != null) {
            parameters.values(); // throws if the set is closed
        }
        for (Part part : parts) {
            if (part.values().isNull()) {
                throw new IllegalStateException(
                        part.name() + " is a closed tensor: the PointerScope in which it was made"
                                + " has ended, or it was closed by hand");
            }
        }
    }

    private void requireOwnState() {
        if (closed) {
            throw new IllegalStateException("the optimiser is closed");
        }
    }

    /**
     * The running mean of the gradients.
     *
     * @return (N) the buffer itself
     * @throws IllegalStateException if this optimiser is closed
     */
    public Tensor firstMoment() {
        requireOwnState();
        return firstMoment;
    }

    /**
     * The running mean of the squared gradients.
     *
     * @return (N) the buffer itself
     * @throws IllegalStateException if this optimiser is closed
     */
    public Tensor secondMoment() {
        requireOwnState();
        return secondMoment;
    }

    /**
     * The exponential average of the weights.
     *
     * @return (N) the buffer itself
     * @throws IllegalStateException if this optimiser is closed
     */
    public Tensor average() {
        requireOwnState();
        return average;
    }

    /**
     * The number of steps done.
     *
     * @return the number
     */
    public int steps() {
        return steps;
    }

    /**
     * Restores the number of steps done, for the bias correction.
     *
     * @param steps the number, 0 or more
     * @throws IllegalArgumentException if it is below 0
     */
    public void restoreSteps(int steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("the number of steps done must be >= 0, not " + steps);
        }
        this.steps = steps;
    }

    /** Frees the state; what was trained stays. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            firstMoment.releaseReference();
            secondMoment.releaseReference();
            average.releaseReference();
        }
    }
}
