package org.transducer4j.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * AdamW (Loshchilov and Hutter 2019) on the flat buffers of a {@link ParameterSet}, with clipping by the global norm and
 * an exponential average of the weights.
 *
 * <p>Our own small one, because the whole state must be saved and restored to the bit, and the bindings of libtorch's
 * hide it. The state is {@link #firstMoment()}, {@link #secondMoment()}, {@link #average()} and {@link #steps()}.
 */
public final class AdamW {
    private final ParameterSet parameters;
    private final AdamWOptions options;
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final Tensor average;
    private int steps;

    /**
     * An optimiser with a fresh state.
     *
     * @param parameters a sealed set
     * @param options how it steps
     */
    public AdamW(ParameterSet parameters, AdamWOptions options) {
        this.parameters = parameters;
        this.options = options;
        firstMoment = torch.zeros(parameters.size());
        secondMoment = torch.zeros(parameters.size());
        average = parameters.values().clone();
    }

    /**
     * One step with the gradients that the set holds.
     *
     * @param learningRate of this step
     * @return the norm of the gradient before clipping; if it isn't finite, nothing was changed
     */
    public double step(double learningRate) {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Tensor g = parameters.gradients();
            double norm = torch.linalg_vector_norm(g).item_double();
            if (!Double.isFinite(norm)) {
                return norm;
            }
            if (options.clipNorm() > 0 && norm > options.clipNorm()) {
                g.mul_(new Scalar(options.clipNorm() / norm));
            }
            steps++;
            double correction1 = 1 - Math.pow(options.beta1(), steps);
            double correction2 = 1 - Math.pow(options.beta2(), steps);
            firstMoment.lerp_(g, new Scalar(1 - options.beta1()));
            secondMoment.mul_(new Scalar(options.beta2())).addcmul_(g, g, new Scalar(1 - options.beta2()));
            Tensor denominator =
                    secondMoment.sqrt().div_(new Scalar(Math.sqrt(correction2))).add_(new Scalar(options.epsilon()));
            Tensor values = parameters.values();
            values.narrow(0, 0, parameters.decayed()).mul_(new Scalar(1 - learningRate * options.weightDecay()));
            values.addcdiv_(firstMoment, denominator, new Scalar(-learningRate / correction1));
            // Early on the average forgets faster, else the initial weights would stay in it.
            double decay = Math.min(options.averageDecay(), (1.0 + steps) / (10.0 + steps));
            average.lerp_(values, new Scalar(1 - decay));
            return norm;
        }
    }

    /** Puts the averaged weights in the place of the weights, and these into the average; call it again to undo it. */
    public void swapAverage() {
        try (PointerScope _ = new PointerScope();
                NoGradGuard _ = new NoGradGuard()) {
            Tensor values = parameters.values().clone();
            parameters.values().copy_(average);
            average.copy_(values);
        }
    }

    /**
     * The running mean of the gradients.
     *
     * @return (N) the buffer itself
     */
    public Tensor firstMoment() {
        return firstMoment;
    }

    /**
     * The running mean of the squared gradients.
     *
     * @return (N) the buffer itself
     */
    public Tensor secondMoment() {
        return secondMoment;
    }

    /**
     * The exponential average of the weights.
     *
     * @return (N) the buffer itself
     */
    public Tensor average() {
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
     * @param steps the number
     */
    public void restoreSteps(int steps) {
        this.steps = steps;
    }
}
