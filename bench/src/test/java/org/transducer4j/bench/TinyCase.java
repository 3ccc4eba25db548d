package org.transducer4j.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes a small case folder whose losses come from walking every path, its gradients from central differences. */
final class TinyCase {
    static final int B = 2;
    static final int T = 3;
    static final int U = 2;
    static final int V = 4;
    static final int BLANK = 1;
    static final int[] FRAMES = {3, 2};
    static final int[][] LABELS = {{2, 0}, {3}};
    /** The second utterance's padding label is out of range, as it may be. */
    static final int[] TARGETS = {2, 0, 3, -77};

    final Path folder;
    final float[] logits = new float[B * T * (U + 1) * V];
    final double[] losses = new double[B];
    final double[] gradients = new double[logits.length];

    TinyCase(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        Random random = new Random(7);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) random.nextGaussian();
        }
        for (int b = 0; b < B; b++) {
            losses[b] = loss(b, -1, 0);
            for (int i = 0; i < logits.length; i++) {
                // Exact for what isn't the utterance's: both sides are the same number.
                gradients[i] += (loss(b, i, 1e-5) - loss(b, i, -1e-5)) / 2e-5;
            }
        }
        write("logits.f4", ByteBuffer.allocate(logits.length * 4), logits);
        writeLosses();
        writeGradients();
        write("targets.i4", TARGETS);
        write("T_len.i4", FRAMES);
        write("U_len.i4", LABELS[0].length, LABELS[1].length);
        json("""
                {"name": "tiny", "B": 2, "T": 3, "U": 2, "V": 4, "blank": 1, "arrays": {
                 "logits": {"file": "logits.f4", "dtype": "float32", "shape": [2, 3, 3, 4]},
                 "targets": {"file": "targets.i4", "dtype": "int32", "shape": [2, 2]},
                 "T_len": {"file": "T_len.i4", "dtype": "int32", "shape": [2]},
                 "U_len": {"file": "U_len.i4", "dtype": "int32", "shape": [2]},
                 "loss_ref": {"file": "loss_ref.f8", "dtype": "float64", "shape": [2]},
                 "grad_ref": {"file": "grad_ref.f8", "dtype": "float64", "shape": [2, 3, 3, 4]}}}
                """);
    }

    void json(String text) throws IOException {
        Files.writeString(folder.resolve("case.json"), text);
    }

    String json() throws IOException {
        return Files.readString(folder.resolve("case.json"));
    }

    void replace(String from, String to) throws IOException {
        if (!json().contains(from)) {
            throw new AssertionError("no " + from);
        }
        json(json().replace(from, to));
    }

    void write(String file, int... values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(values);
        Files.write(folder.resolve(file), buffer.array());
    }

    void write(String file, ByteBuffer buffer, float... values) throws IOException {
        buffer.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
        Files.write(folder.resolve(file), buffer.array());
    }

    void writeLosses() throws IOException {
        doubles("loss_ref.f8", losses);
    }

    void writeGradients() throws IOException {
        doubles("grad_ref.f8", gradients);
    }

    private void doubles(String file, double[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asDoubleBuffer().put(values);
        Files.write(folder.resolve(file), buffer.array());
    }

    static int index(int b, int t, int u, int k) {
        return ((b * T + t) * (U + 1) + u) * V + k;
    }

    private double loss(int b, int changed, double by) {
        return -Math.log(paths(b, 0, 0, changed, by));
    }

    /** The probability of all paths from a node to the end. */
    private double paths(int b, int t, int u, int changed, double by) {
        int labels = LABELS[b].length;
        double blank = probability(b, t, u, BLANK, changed, by);
        double sum = 0;
        if (t == FRAMES[b] - 1) {
            sum += u == labels ? blank : 0;
        } else {
            sum += blank * paths(b, t + 1, u, changed, by);
        }
        if (u < labels) {
            sum += probability(b, t, u, LABELS[b][u], changed, by) * paths(b, t, u + 1, changed, by);
        }
        return sum;
    }

    private double probability(int b, int t, int u, int symbol, int changed, double by) {
        double sum = 0;
        double wanted = 0;
        for (int k = 0; k < V; k++) {
            int i = index(b, t, u, k);
            double e = Math.exp(logits[i] + (i == changed ? by : 0));
            sum += e;
            wanted += k == symbol ? e : 0;
        }
        return wanted / sum;
    }
}
