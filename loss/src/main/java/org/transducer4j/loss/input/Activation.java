package org.transducer4j.loss.input;

/** The function f of the joint network h = f(e + p). */
public enum Activation {
    /** The hyperbolic tangent. */
    TANH {
        @Override
        public double apply(double x) {
            return Math.tanh(x);
        }

        @Override
        public double derivative(double y) {
            return 1 - y * y;
        }
    },
    /** max(0, x); its derivative at 0 is taken as 0. */
    RELU {
        @Override
        public double apply(double x) {
            return Math.max(0, x);
        }

        @Override
        public double derivative(double y) {
            return y > 0 ? 1 : 0;
        }
    },
    /** The logistic function 1 / (1 + exp(-x)). */
    SIGMOID {
        @Override
        public double apply(double x) {
            return 1 / (1 + Math.exp(-x));
        }

        @Override
        public double derivative(double y) {
            return y * (1 - y);
        }
    };

    /**
     * f(x).
     *
     * @param x any number; NaN stays NaN
     * @return f of it
     */
    public abstract double apply(double x);

    /**
     * f'(x) by y = f(x), which is what a backward pass still has.
     *
     * @param y f(x)
     * @return the derivative at x
     */
    public abstract double derivative(double y);
}
