package org.transducer4j.speech.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FbankTest {
    /** The same numbers as in src/test/golden/fbank.py. */
    private static float[] signal(int rate) {
        int n = rate * 3 / 10 + 37;
        long state = 12345;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            state = (state * 1103515245L + 12345) % (1L << 31);
            int noise = (int) ((state >> 16) % 4096) - 2048;
            int square = (i / 23) % 2 == 0 ? 6000 : -6000;
            x[i] = (Math.floorDiv(noise, 1 + i / 600) + square + 300) / 32768f;
        }
        return x;
    }

    @Test
    void agreesWithTheTextbookInPython() throws Exception {
        double worst = 0;
        int cases = 0;
        try (InputStream in = FbankTest.class.getResourceAsStream("fbank.json")) {
            for (JsonNode node : new JsonMapper().readTree(in).get("cases")) {
                int rate = node.get("sampleRate").asInt();
                int bins = node.get("bins").asInt();
                float[] x = signal(rate);
                assertEquals(node.get("samples").asInt(), x.length);
                Fbank fbank = new Fbank(FbankOptions.defaults(rate).withBins(bins));
                Features features = fbank.compute(x, node.get("warp").asDouble());
                assertEquals(node.get("frames").asInt(), features.frames());
                assertEquals(bins, features.bins());
                int every = node.get("every").asInt();
                for (int f = 0; f < features.frames(); f += every) {
                    for (int b = 0; b < bins; b++) {
                        double want = node.get("values").get(f / every).get(b).asDouble();
                        worst = Math.max(worst, Math.abs(want - features.at(f, b)));
                    }
                }
                cases++;
            }
        }
        assertEquals(5, cases);
        // Values are up to 12; the file has six decimals and features are floats.
        assertTrue(worst < 2e-6, "largest difference " + worst);
    }

    @Test
    void powerSpectrumOfEverySize() {
        Random random = new Random(1);
        for (int size : new int[] {4, 8, 16, 64, 256, 512}) {
            double[] x = random.doubles(size, -1, 1).toArray();
            double[] power = new double[size / 2];
            new RealFft(size).power(x, new double[size / 2], new double[size / 2], power);
            for (int k = 0; k < size / 2; k++) {
                double re = 0;
                double im = 0;
                for (int i = 0; i < size; i++) {
                    re += x[i] * Math.cos(2 * Math.PI * k * i / size);
                    im -= x[i] * Math.sin(2 * Math.PI * k * i / size);
                }
                assertEquals(re * re + im * im, power[k], 1e-10 * size, "size " + size + " bin " + k);
            }
        }
    }

    @Test
    void framesOfShortSounds() {
        Fbank fbank = new Fbank(FbankOptions.defaults(8000));
        assertEquals(0, fbank.compute(new float[39]).frames());
        for (int n : new int[] {40, 41, 80, 119, 120, 199, 200, 201, 1000}) {
            Features features = fbank.compute(new float[n]);
            assertEquals((n + 40) / 80, features.frames());
            for (float value : features.values()) {
                assertEquals((float) Math.log(1e-10), value);
            }
        }
    }

    @Test
    void warpMovesAToneUpAndDown() {
        Fbank fbank = new Fbank(FbankOptions.defaults(8000));
        float[] tone = new float[4000];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (0.3 * Math.sin(2 * Math.PI * 1000 * i / 8000));
        }
        int plain = loudest(fbank.compute(tone));
        // With warp > 1 the filters' edges move down: the tone shows up in a higher filter.
        assertTrue(loudest(fbank.compute(tone, 1.15)) > plain);
        assertTrue(loudest(fbank.compute(tone, 0.85)) < plain);
        assertArrayEquals(fbank.compute(tone).values(), fbank.compute(tone, 1.0).values());
    }

    private static int loudest(Features features) {
        int best = 0;
        int frame = features.frames() / 2;
        for (int b = 1; b < features.bins(); b++) {
            if (features.at(frame, b) > features.at(frame, best)) {
                best = b;
            }
        }
        return best;
    }

    @Test
    void noFilterIsEmptyByDefault() {
        for (int rate : new int[] {8000, 11025, 16000, 22050, 44100, 48000}) {
            new Fbank(FbankOptions.defaults(rate)).compute(new float[rate / 10], 0.8);
        }
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Fbank(FbankOptions.defaults(8000).withBins(100)))
                .getMessage();
        assertTrue(message.contains("is empty at 8000 Hz"), message);
    }

    @Test
    void badOptions() {
        FbankOptions good = FbankOptions.defaults(8000);
        assertThrows(IllegalArgumentException.class, () -> good.withBins(2));
        assertThrows(IllegalArgumentException.class, () -> FbankOptions.defaults(0));
        assertThrows(IllegalArgumentException.class, () -> new FbankOptions(8000, 40, 25, 10, 0.97, 20, 5000, 1e-10));
        assertThrows(IllegalArgumentException.class, () -> new FbankOptions(8000, 40, 5, 10, 0.97, 20, -400, 1e-10));
        assertThrows(IllegalArgumentException.class, () -> new FbankOptions(8000, 40, 25, 10, 0.97, 20, -400, 0));
        assertThrows(IllegalArgumentException.class, () -> new Fbank(good).compute(new float[800], 3));
    }
}
