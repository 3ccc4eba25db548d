package org.transducer4j.loss.internal.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.Activation;
import org.transducer4j.loss.JointNetwork;
import org.transducer4j.loss.Matrix;
import org.transducer4j.loss.Utterance;
import org.transducer4j.loss.internal.cpu.ScratchMeter;
import org.transducer4j.loss.kernel.Head;
import org.transducer4j.loss.kernel.JointSample;
import org.transducer4j.loss.kernel.Tile;
import org.transducer4j.loss.lattice.Band;

/** The joint network in double: h = f(e + p), z = W h + b, and the chain rule back. */
final class ReferenceHead implements Head {
    private final JointNetwork joint;
    private final ScratchMeter meter;
    private final int vocabulary;
    private final int width;
    private final double[] weight; // (V, H)
    private final double[] bias; // (V)
    private final double[] weightGradient; // (V, H)
    private final double[] biasGradient; // (V)
    private final long bytes;
    private long tileBytes;

    private record DoubleTile(int rows, double[] z) implements Tile {}

    ReferenceHead(JointNetwork joint, ScratchMeter meter) {
        this.joint = joint;
        this.meter = meter;
        vocabulary = joint.vocabulary();
        width = joint.width();
        weight = doubles(joint.weight().value());
        bias = doubles(joint.bias().value());
        weightGradient = new double[weight.length];
        biasGradient = new double[bias.length];
        bytes = 2L * (weight.length + bias.length) * Double.BYTES;
        meter.take(bytes);
    }

    @Override
    public JointSample begin(Utterance utterance, Band band, int blank) {
        return new ReferenceSample(utterance, new ReferenceLattice(band, utterance.labels(), blank));
    }

    @Override
    public Tile tile(int rows) {
        meter.give(tileBytes);
        tileBytes = rows * bytesPerRow();
        meter.take(tileBytes);
        return new DoubleTile(rows, new double[Math.multiplyExact(rows, vocabulary)]);
    }

    @Override
    public long bytesPerRow() {
        return (long) vocabulary * Double.BYTES;
    }

    @Override
    public void finish() {
        add(weightGradient, joint.weight().gradient());
        add(biasGradient, joint.bias().gradient());
    }

    @Override
    public void close() {
        meter.give(bytes + tileBytes);
    }

    private final class ReferenceSample implements JointSample {
        private final Utterance utterance;
        private final ReferenceLattice lattice;
        private final double[] e; // (T, H)
        private final double[] p; // (U+1, H)
        private final double[] encoderGradient;
        private final double[] predictorGradient;

        ReferenceSample(Utterance utterance, ReferenceLattice lattice) {
            this.utterance = utterance;
            this.lattice = lattice;
            e = doubles(utterance.encoder().value());
            p = doubles(utterance.predictor().value());
            encoderGradient = new double[e.length];
            predictorGradient = new double[p.length];
            meter.take(bytes());
        }

        @Override
        public void forward(Tile tile, long firstNode, int rows, boolean score) {
            double[] all = ((DoubleTile) tile).z();
            double[] z = new double[vocabulary];
            for (int r = 0; r < rows; r++) {
                int node = Math.toIntExact(firstNode + r);
                int t = lattice.band.frame(node);
                int u = u(node, t);
                double[] h = hidden(t, u);
                for (int v = 0; v < vocabulary; v++) {
                    double sum = bias[v];
                    for (int i = 0; i < width; i++) {
                        sum += weight[v * width + i] * h[i];
                    }
                    z[v] = sum;
                }
                System.arraycopy(z, 0, all, r * vocabulary, vocabulary);
                if (score) {
                    lattice.score(node, u, z, false);
                }
            }
        }

        @Override
        public double solve() {
            return lattice.solve();
        }

        @Override
        public void backward(Tile tile, long firstNode, int rows, float clamp) {
            double[] all = ((DoubleTile) tile).z();
            double[] dz = new double[vocabulary];
            for (int r = 0; r < rows; r++) {
                int node = Math.toIntExact(firstNode + r);
                int t = lattice.band.frame(node);
                int u = u(node, t);
                System.arraycopy(all, r * vocabulary, dz, 0, vocabulary);
                lattice.differentiate(node, u, dz, false);
                double[] h = hidden(t, u);
                double[] dh = new double[width];
                for (int v = 0; v < vocabulary; v++) {
                    double g = clamp > 0 ? Math.clamp(dz[v], -clamp, clamp) : dz[v];
                    biasGradient[v] += g;
                    for (int i = 0; i < width; i++) {
                        weightGradient[v * width + i] += g * h[i];
                        dh[i] += g * weight[v * width + i];
                    }
                }
                for (int i = 0; i < width; i++) {
                    double da = dh[i] * derivative(h[i]);
                    encoderGradient[t * width + i] += da;
                    predictorGradient[u * width + i] += da;
                }
            }
        }

        @Override
        public void finish() {
            add(encoderGradient, utterance.encoder().gradient());
            add(predictorGradient, utterance.predictor().gradient());
        }

        @Override
        public void close() {
            meter.give(bytes());
        }

        private long bytes() {
            return ReferenceLattice.bytes(lattice.band) + 2L * (e.length + p.length) * Double.BYTES;
        }

        private int u(int node, int t) {
            return (int) (node - lattice.band.row(t)) + lattice.band.begin(t);
        }

        private double[] hidden(int t, int u) {
            double[] h = new double[width];
            for (int i = 0; i < width; i++) {
                double a = e[t * width + i] + p[u * width + i];
                h[i] = switch (joint.activation()) {
                    case TANH -> Math.tanh(a);
                    case RELU -> Math.max(0, a);
                };
            }
            return h;
        }
    }

    /** f' in terms of h = f(a). */
    private double derivative(double h) {
        return joint.activation() == Activation.TANH ? 1 - h * h : h > 0 ? 1 : 0;
    }

    private static double[] doubles(Matrix matrix) {
        double[] values = new double[Math.toIntExact(matrix.rows() * matrix.columns())];
        for (int i = 0; i < values.length; i++) {
            values[i] = matrix.data().get(JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES);
        }
        return values;
    }

    private static void add(double[] gradient, @Nullable Matrix to) {
        if (to != null) {
            for (int i = 0; i < gradient.length; i++) {
                long offset = (long) i * Float.BYTES;
                to.data().set(JAVA_FLOAT_UNALIGNED, offset, (float)
                        (to.data().get(JAVA_FLOAT_UNALIGNED, offset) + gradient[i]));
            }
        }
    }
}
