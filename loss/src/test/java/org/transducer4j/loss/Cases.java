package org.transducer4j.loss;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;

/** Seeded random problems, and the distance between two answers. */
final class Cases {
    private Cases() {}

    /** A batch through a joint network, everything with its gradient. */
    record Problem(JointNetwork joint, List<Utterance> batch, int blank) {
        LossResult solve(String provider, int threads) {
            return solve(options(provider, threads));
        }

        LossOptions options(String provider, int threads) {
            return LossOptions.defaults()
                    .withOccupancyFloor(0)
                    .withProvider(provider)
                    .withThreads(threads)
                    .withBlank(blank);
        }

        LossResult solve(LossOptions options) {
            joint.weight().gradient().data().fill((byte) 0);
            joint.bias().gradient().data().fill((byte) 0);
            try (TransducerLoss loss = TransducerLoss.open(options)) {
                return loss.compute(joint, batch, Reduction.SUM);
            }
        }

        /** All gradients one after the other, copied. */
        float[][] gradients() {
            List<float[]> all = new ArrayList<>();
            all.add(floats(joint.weight().gradient()));
            all.add(floats(joint.bias().gradient()));
            for (Utterance utterance : batch) {
                all.add(floats(utterance.encoder().gradient()));
                all.add(floats(utterance.predictor().gradient()));
            }
            return all.toArray(float[][]::new);
        }

        /** All values that have gradients, in the same order, not copied. */
        List<Matrix> values() {
            List<Matrix> all = new ArrayList<>();
            all.add(joint.weight().value());
            all.add(joint.bias().value());
            for (Utterance utterance : batch) {
                all.add(utterance.encoder().value());
                all.add(utterance.predictor().value());
            }
            return all;
        }
    }

    static Problem random(long seed, Activation activation, int blank, int vocabulary, int width, int[]... lengths) {
        Random random = new Random(seed);
        JointNetwork joint = new JointNetwork(
                activation,
                parameter(random, vocabulary, width, 2.0 / Math.sqrt(width)),
                parameter(random, 1, vocabulary, 1));
        List<Utterance> batch = new ArrayList<>();
        for (int[] length : lengths) {
            batch.add(new Utterance(
                    "u" + batch.size(),
                    parameter(random, length[0], width, 1),
                    parameter(random, length[1] + 1, width, 1),
                    labels(random, length[1], vocabulary, blank)));
        }
        return new Problem(joint, batch, blank);
    }

    static int[] labels(Random random, int count, int vocabulary, int blank) {
        int[] labels = new int[count];
        for (int u = 0; u < count; u++) {
            labels[u] = (blank + 1 + random.nextInt(vocabulary - 1)) % vocabulary;
        }
        return labels;
    }

    private static Parameter parameter(Random random, int rows, int columns, double scale) {
        return new Parameter(
                Matrix.of(columns, gaussian(random, rows * columns, scale)),
                Matrix.of(columns, new float[rows * columns]));
    }

    static float[] gaussian(Random random, int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    static float[] floats(Matrix matrix) {
        float[] values = new float[Math.toIntExact(matrix.rows() * matrix.columns())];
        MemorySegment.copy(
                matrix.data(), java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
        return values;
    }

    /** Bytes that this thread has allocated so far. By reflection, as the module under test has no need of java.management. */
    static long allocated() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getCurrentThreadAllocatedBytes")
                .invoke(threads);
    }

    /** |a - b| / |b|, Euclidean norms; NaN counts as infinite. */
    static double distance(float[] a, float[] b) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < b.length; i++) {
            difference += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
            norm += (double) b[i] * b[i];
        }
        double d = Math.sqrt(difference / Math.max(norm, 1e-12));
        return Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
    }

    /**
     * The derivative of a function along a random direction of all values, by central differences.
     *
     * @return {numerical, along the gradient}
     */
    static double[] directional(List<Matrix> values, float[][] gradients, DoubleSupplier function, long seed) {
        Random random = new Random(seed);
        double step = 1e-3;
        float[][] saved = values.stream().map(Cases::floats).toArray(float[][]::new);
        float[][] plus = new float[saved.length][];
        float[][] minus = new float[saved.length][];
        double expected = 0;
        for (int m = 0; m < saved.length; m++) {
            plus[m] = saved[m].clone();
            minus[m] = saved[m].clone();
            for (int i = 0; i < saved[m].length; i++) {
                double direction = random.nextGaussian();
                plus[m][i] = (float) (saved[m][i] + step * direction);
                minus[m][i] = (float) (saved[m][i] - step * direction);
                expected += ((double) plus[m][i] - minus[m][i]) * gradients[m][i];
            }
        }
        put(values, plus);
        double up = function.getAsDouble();
        put(values, minus);
        double down = function.getAsDouble();
        put(values, saved);
        return new double[] {up - down, expected};
    }

    private static void put(List<Matrix> values, float[][] content) {
        for (int m = 0; m < content.length; m++) {
            MemorySegment.copy(
                    MemorySegment.ofArray(content[m]), 0, values.get(m).data(), 0, 4L * content[m].length);
        }
    }

    /** -log of the sum of the probabilities of all paths, one by one. */
    static double enumerate(double[][][] logProbabilities, int[] labels, int blank) {
        return -Math.log(paths(logProbabilities, labels, blank, 0, 0));
    }

    private static double paths(double[][][] logP, int[] labels, int blank, int t, int u) {
        if (t == logP.length) {
            return u == labels.length ? 1 : 0;
        }
        double sum = Math.exp(logP[t][u][blank]) * paths(logP, labels, blank, t + 1, u);
        if (u < labels.length) {
            sum += Math.exp(logP[t][u][labels[u]]) * paths(logP, labels, blank, t, u + 1);
        }
        return sum;
    }

    static double[] logSoftmax(float[] z, int from, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < n; k++) {
            max = Math.max(max, z[from + k]);
        }
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += Math.exp(z[from + k] - max);
        }
        double lse = max + Math.log(sum);
        double[] p = new double[n];
        Arrays.setAll(p, k -> z[from + k] - lse);
        return p;
    }
}
