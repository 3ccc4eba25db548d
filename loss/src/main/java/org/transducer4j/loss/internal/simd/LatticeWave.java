package org.transducer4j.loss.internal.simd;

import static org.transducer4j.loss.internal.simd.SimdOperations.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.transducer4j.loss.internal.cpu.Operations;

/**
 * The recursion of a lattice from one wave of nodes to the next, in double. Where two paths meet, log(exp a + exp b) =
 * max + log(1 + e) with e = exp(-|a - b|):
 *
 * <ul>
 *   <li>exp(x) = 2^n exp(r), x = n ln 2 + r, |r| <= ln(2)/2, exp(r) by a polynomial of degree 11; 0 where it would be
 *       subnormal, so from -708 down;
 *   <li>log(1 + e) = s P(s^2), s = e / (2 + e), 0 <= e <= 1, P of degree 9: the series of 2 atanh(s).
 * </ul>
 *
 * Polynomials interpolate at Chebyshev nodes, their errors are below 5e-17 of the value; log(1 + e) comes out within 5 ulp.
 * Each kernel is one method, and so exp stands here five times: vectors that pass through methods may become objects.
 */
final class LatticeWave {
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());
    private static final int LANES = DOUBLES.length();

    /** As many floats as a vector has doubles. */
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

    private static final DoubleVector LOG2_E = broadcast(1.4426950408889634);
    private static final DoubleVector MINUS_LN2_HIGH = broadcast(-0.6931471803691238);
    private static final DoubleVector MINUS_LN2_LOW = broadcast(-1.9082149292705877e-10);
    private static final double LOWEST = -708;

    /** 1.5 x 2^52: adding it leaves the nearest integer in the low bits. */
    private static final DoubleVector ROUND = broadcast(6755399441055744.0);

    private static final DoubleVector E2 = broadcast(0.5000000000000001);
    private static final DoubleVector E3 = broadcast(0.16666666666666669);
    private static final DoubleVector E4 = broadcast(0.04166666666662413);
    private static final DoubleVector E5 = broadcast(0.008333333333330062);
    private static final DoubleVector E6 = broadcast(0.0013888888917213717);
    private static final DoubleVector E7 = broadcast(0.00019841269863053618);
    private static final DoubleVector E8 = broadcast(2.4801521295954376e-05);
    private static final DoubleVector E9 = broadcast(2.7557268459997064e-06);
    private static final DoubleVector E10 = broadcast(2.7620088445409746e-07);
    private static final DoubleVector E11 = broadcast(2.510038549551032e-08);

    private static final DoubleVector L0 = broadcast(2.0);
    private static final DoubleVector L1 = broadcast(0.6666666666668257);
    private static final DoubleVector L2 = broadcast(0.399999999952876);
    private static final DoubleVector L3 = broadcast(0.2857142911165716);
    private static final DoubleVector L4 = broadcast(0.22222190861346283);
    private static final DoubleVector L5 = broadcast(0.1818285980047391);
    private static final DoubleVector L6 = broadcast(0.15363676248891633);
    private static final DoubleVector L7 = broadcast(0.13591305485579894);
    private static final DoubleVector L8 = broadcast(0.09880789048764786);
    private static final DoubleVector L9 = broadcast(0.17780763826113302);

    private static final DoubleVector NEVER = broadcast(Operations.NEVER);
    private static final DoubleVector COUNT = broadcast(0).addIndex(1);

    private LatticeWave() {}

    private static DoubleVector broadcast(double value) {
        return DoubleVector.broadcast(DOUBLES, value);
    }

    /** See {@link Operations#forward}. */
    static void forward(double[] alpha, float[] blank, float[] label, int from, int to, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector b = (DoubleVector)
                    FloatVector.fromArray(FLOATS, blank, from + i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector l = (DoubleVector)
                    FloatVector.fromArray(FLOATS, label, from - 1 + i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector viaBlank =
                    DoubleVector.fromArray(DOUBLES, alpha, from + i).add(b);
            DoubleVector viaLabel =
                    DoubleVector.fromArray(DOUBLES, alpha, from - 1 + i).add(l);
            viaBlank = viaBlank.blend(NEVER, viaBlank.lt(NEVER));
            viaLabel = viaLabel.blend(NEVER, viaLabel.lt(NEVER));
            DoubleVector d = viaBlank.sub(viaLabel);
            DoubleVector max = viaBlank.blend(viaLabel, d.lt(0));

            DoubleVector x = d.abs().neg();
            DoubleVector shifted = x.fma(LOG2_E, ROUND);
            DoubleVector k = shifted.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
            DoubleVector y = E11.fma(r, E10);
            y = y.fma(r, E9);
            y = y.fma(r, E8);
            y = y.fma(r, E7);
            y = y.fma(r, E6);
            y = y.fma(r, E5);
            y = y.fma(r, E4);
            y = y.fma(r, E3);
            y = y.fma(r, E2);
            y = y.fma(r.mul(r), r).add(1);
            DoubleVector e = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(y.reinterpretAsLongs())
                    .reinterpretAsDoubles();
            e = e.blend(0, x.lt(LOWEST));

            DoubleVector s = e.div(e.add(2));
            DoubleVector q = s.mul(s);
            DoubleVector p = L9.fma(q, L8);
            p = p.fma(q, L7);
            p = p.fma(q, L6);
            p = p.fma(q, L5);
            p = p.fma(q, L4);
            p = p.fma(q, L3);
            p = p.fma(q, L2);
            p = p.fma(q, L1);
            p = p.fma(q, L0);
            p.fma(s, max).intoArray(alpha, to + i);
        }
    }

    /** See {@link Operations#backward}. */
    static void backward(
            double[] alpha, float[] blank, float[] label, int at, double[] beta, int u, int n, double logP) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector b = (DoubleVector)
                    FloatVector.fromArray(FLOATS, blank, at + i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector l = (DoubleVector)
                    FloatVector.fromArray(FLOATS, label, at + i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector viaBlank = DoubleVector.fromArray(DOUBLES, beta, u + i).add(b);
            DoubleVector viaLabel =
                    DoubleVector.fromArray(DOUBLES, beta, u + 1 + i).add(l);
            viaBlank = viaBlank.blend(NEVER, viaBlank.lt(NEVER));
            viaLabel = viaLabel.blend(NEVER, viaLabel.lt(NEVER));
            DoubleVector d = viaBlank.sub(viaLabel);
            DoubleVector max = viaBlank.blend(viaLabel, d.lt(0));

            DoubleVector x = d.abs().neg();
            DoubleVector shifted = x.fma(LOG2_E, ROUND);
            DoubleVector k = shifted.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
            DoubleVector y = E11.fma(r, E10);
            y = y.fma(r, E9);
            y = y.fma(r, E8);
            y = y.fma(r, E7);
            y = y.fma(r, E6);
            y = y.fma(r, E5);
            y = y.fma(r, E4);
            y = y.fma(r, E3);
            y = y.fma(r, E2);
            y = y.fma(r.mul(r), r).add(1);
            DoubleVector e = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(y.reinterpretAsLongs())
                    .reinterpretAsDoubles();
            e = e.blend(0, x.lt(LOWEST));

            DoubleVector s = e.div(e.add(2));
            DoubleVector q = s.mul(s);
            DoubleVector p = L9.fma(q, L8);
            p = p.fma(q, L7);
            p = p.fma(q, L6);
            p = p.fma(q, L5);
            p = p.fma(q, L4);
            p = p.fma(q, L3);
            p = p.fma(q, L2);
            p = p.fma(q, L1);
            p = p.fma(q, L0);
            // What of the last vector is behind the wave: no nodes in beta, and in the store those of another wave.
            var inside = COUNT.lt(n - i);
            NEVER.blend(p.fma(s, max), inside).intoArray(beta, u + i);

            // The posterior of the likelier edge; the other's is e times as large.
            x = DoubleVector.fromArray(DOUBLES, alpha, at + i).sub(logP).add(max);
            shifted = x.fma(LOG2_E, ROUND);
            k = shifted.sub(ROUND);
            r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
            y = E11.fma(r, E10);
            y = y.fma(r, E9);
            y = y.fma(r, E8);
            y = y.fma(r, E7);
            y = y.fma(r, E6);
            y = y.fma(r, E5);
            y = y.fma(r, E4);
            y = y.fma(r, E3);
            y = y.fma(r, E2);
            y = y.fma(r.mul(r), r).add(1);
            DoubleVector likelier = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(y.reinterpretAsLongs())
                    .reinterpretAsDoubles();
            likelier = likelier.blend(0, x.lt(LOWEST));
            DoubleVector other = likelier.mul(e);
            b = b.blend(likelier.blend(other, d.lt(0)), inside);
            l = l.blend(other.blend(likelier, d.lt(0)), inside);
            ((FloatVector) b.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(blank, at + i);
            ((FloatVector) l.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(label, at + i);
        }
    }

    /** See {@link Operations#logAdd}. */
    static void logAdd(double[] x1, int o1, double[] x2, int o2, double[] z, int zo, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector a = DoubleVector.fromArray(DOUBLES, x1, o1 + i);
            DoubleVector b = DoubleVector.fromArray(DOUBLES, x2, o2 + i);
            a = a.blend(NEVER, a.lt(NEVER));
            b = b.blend(NEVER, b.lt(NEVER));
            DoubleVector d = a.sub(b);
            DoubleVector max = a.blend(b, d.lt(0));

            DoubleVector x = d.abs().neg();
            DoubleVector shifted = x.fma(LOG2_E, ROUND);
            DoubleVector k = shifted.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
            DoubleVector y = E11.fma(r, E10);
            y = y.fma(r, E9);
            y = y.fma(r, E8);
            y = y.fma(r, E7);
            y = y.fma(r, E6);
            y = y.fma(r, E5);
            y = y.fma(r, E4);
            y = y.fma(r, E3);
            y = y.fma(r, E2);
            y = y.fma(r.mul(r), r).add(1);
            DoubleVector e = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(y.reinterpretAsLongs())
                    .reinterpretAsDoubles();
            e = e.blend(0, x.lt(LOWEST));

            DoubleVector s = e.div(e.add(2));
            DoubleVector q = s.mul(s);
            DoubleVector p = L9.fma(q, L8);
            p = p.fma(q, L7);
            p = p.fma(q, L6);
            p = p.fma(q, L5);
            p = p.fma(q, L4);
            p = p.fma(q, L3);
            p = p.fma(q, L2);
            p = p.fma(q, L1);
            p = p.fma(q, L0);
            p.fma(s, max).intoArray(z, zo + i);
        }
    }

    /** See {@link Operations#posteriors}. */
    static void posteriors(double[] alpha, int ao, double[] beta, int bo, double logP, float[] p, int po, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector x = DoubleVector.fromArray(DOUBLES, alpha, ao + i)
                    .sub(logP)
                    .add(DoubleVector.fromArray(DOUBLES, beta, bo + i));
            DoubleVector shifted = x.fma(LOG2_E, ROUND);
            DoubleVector k = shifted.sub(ROUND);
            DoubleVector r = k.fma(MINUS_LN2_LOW, k.fma(MINUS_LN2_HIGH, x));
            DoubleVector y = E11.fma(r, E10);
            y = y.fma(r, E9);
            y = y.fma(r, E8);
            y = y.fma(r, E7);
            y = y.fma(r, E6);
            y = y.fma(r, E5);
            y = y.fma(r, E4);
            y = y.fma(r, E3);
            y = y.fma(r, E2);
            y = y.fma(r.mul(r), r).add(1);
            DoubleVector e = shifted.reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52)
                    .add(y.reinterpretAsLongs())
                    .reinterpretAsDoubles();
            e = e.blend(0, x.lt(LOWEST));
            ((FloatVector) e.convertShape(VectorOperators.D2F, FLOATS, 0)).intoArray(p, po + i);
        }
    }
}
