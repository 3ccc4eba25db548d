package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ResamplerTest {
    private static float[] tone(double frequency, int rate, int count) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) Math.sin(2 * Math.PI * frequency * i / rate);
        }
        return x;
    }

    /** Away from its ends, a tone below both Nyquist frequencies is the same tone: same phase, same size. */
    @Test
    void tonesStay() {
        int[][] rates = {{16000, 8000}, {8000, 16000}, {44100, 16000}, {48000, 8000}, {9, 10}, {11, 10}, {8000, 7919}};
        for (int[] pair : rates) {
            int from = pair[0];
            int to = pair[1];
            double frequency = 0.4 * Math.min(from, to);
            float[] y = Resampler.resample(tone(frequency, from, 4000), from, to);
            assertEquals(Math.ceilDiv(4000L * to, from), y.length);
            float[] want = tone(frequency, to, y.length);
            for (int i = y.length / 4; i < y.length * 3 / 4; i++) {
                assertEquals(want[i], y[i], 2e-3, from + " to " + to + " at " + i);
            }
        }
    }

    /** A tone above the new Nyquist frequency must go, not come back as another one. */
    @Test
    void noAliases() {
        float[] y = Resampler.resample(tone(5000, 16000, 8000), 16000, 8000);
        double power = 0;
        for (int i = 500; i < 3500; i++) {
            power += y[i] * y[i];
        }
        assertTrue(Math.sqrt(power / 3000) < 1e-3 * Math.sqrt(0.5), "left over " + Math.sqrt(power / 3000));
    }

    @Test
    void constantStays() {
        float[] ones = new float[500];
        java.util.Arrays.fill(ones, 0.5f);
        float[] y = Resampler.resample(ones, 44100, 8000);
        for (int i = 25; i < y.length - 25; i++) {
            assertEquals(0.5f, y[i], 1e-5f);
        }
    }

    @Test
    void edges() {
        assertEquals(0, Resampler.resample(new float[0], 3, 2).length);
        assertEquals(1, Resampler.resample(new float[1], 3, 2).length);
        Audio audio = new Audio(new float[] {1, 2}, 8000);
        assertSame(audio, Resampler.resample(audio, 8000));
        float[] x = {1, 2};
        assertNotSame(x, Resampler.resample(x, 5, 5));
        assertThrows(IllegalArgumentException.class, () -> Resampler.resample(audio, 0));
    }

    @Test
    void speed() {
        float[] x = tone(200, 8000, 1100);
        assertEquals(1000, SpeedPerturb.apply(x, 1.1).length);
        assertEquals(1223, SpeedPerturb.apply(x, 0.9).length);
        assertArrayEquals(x, SpeedPerturb.apply(x, 1));
        float[] want = tone(220, 8000, 1000);
        float[] fast = SpeedPerturb.apply(x, 1.1);
        for (int i = 200; i < 800; i++) {
            assertEquals(want[i], fast[i], 1e-3);
        }
        assertThrows(IllegalArgumentException.class, () -> SpeedPerturb.apply(x, 0.1));
    }
}
