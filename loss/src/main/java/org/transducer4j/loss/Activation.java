package org.transducer4j.loss;

/** The function f of the joint network h = f(e + p). */
public enum Activation {
    /** The hyperbolic tangent. */
    TANH,
    /** max(0, x); its derivative at 0 is taken as 0. */
    RELU
}
