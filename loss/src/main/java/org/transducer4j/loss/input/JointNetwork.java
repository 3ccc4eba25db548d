package org.transducer4j.loss.input;

import org.transducer4j.loss.input.Matrix.Format;
import org.transducer4j.loss.internal.check.Require;

/**
 * The joint network: z(t,u) = W f(e_t + p_u) + b.
 *
 * <p>Gradients of weight and bias are <em>added</em> to what their matrices hold, so that batches can be summed.
 *
 * @param activation f
 * @param weight W, (V, H): row v holds the weights of symbol v, as in a linear layer of any framework
 * @param bias b, (1, V)
 */
public record JointNetwork(Activation activation, Parameter weight, Parameter bias) {
    /**
     * Checks the shapes.
     *
     * @throws IllegalArgumentException if V is below 2 or the bias doesn't fit the weight
     * @throws NullPointerException if something is null, by its name
     */
    public JointNetwork {
        Require.given(activation, "activation");
        Require.given(weight, "weight");
        Require.given(bias, "bias");
        long v = weight.value().rows();
        Require.that(
                weight.value().format() == Format.FLOAT32 && bias.value().format() == Format.FLOAT32,
                "weight and bias must be float32");
        Require.that(
                v >= 2 && v <= Integer.MAX_VALUE,
                "the output weight needs a row for blank and for at least one label, it has %d rows",
                v);
        Require.that(
                !weight.isInPlace() && !bias.isInPlace(),
                "the gradients of weight and bias are added to, they can't take the place of the values");
        Require.that(
                bias.value().rows() == 1 && bias.value().columns() == v,
                "the bias must be 1 x %d as the weight has %d rows, it is %d x %d",
                v,
                v,
                bias.value().rows(),
                bias.value().columns());
    }

    /**
     * V.
     *
     * @return the number of symbols, blank included
     */
    public int vocabulary() {
        return (int) weight.value().rows();
    }

    /**
     * H.
     *
     * @return the joint width
     */
    public int width() {
        return weight.value().columns();
    }
}
