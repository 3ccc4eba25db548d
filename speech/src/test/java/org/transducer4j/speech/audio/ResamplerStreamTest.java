package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplerStreamTest {
    private static float[] noise(SplittableRandom random, int count) {
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) (2 * random.nextDouble() - 1);
        }
        return x;
    }

    @ParameterizedTest
    @CsvSource({"8000,16000", "16000,8000", "44100,16000", "48000,16000", "11025,8000", "16000,16000", "16000,44100"})
    void piecesGiveWhatTheWholeGives(int from, int to) {
        SplittableRandom random = new SplittableRandom(from + to);
        for (int count : new int[] {0, 1, 7, 33, 500, 5000}) {
            float[] x = noise(random, count);
            float[] expected = Resampler.resample(x, from, to);
            for (int most : new int[] {1, 50, 3000}) {
                ResamplerStream stream = new ResamplerStream(from, to);
                float[] found = new float[expected.length];
                int at = 0;
                for (int begin = 0; begin < count; ) {
                    int end = Math.min(count, begin + random.nextInt(most + 1));
                    float[] piece = stream.accept(Arrays.copyOfRange(x, begin, end));
                    System.arraycopy(piece, 0, found, at, piece.length);
                    at += piece.length;
                    begin = end;
                }
                float[] rest = stream.finish();
                System.arraycopy(rest, 0, found, at, rest.length);
                assertEquals(expected.length, at + rest.length);
                assertArrayEquals(expected, found);
                assertTrue(count < 5000 || at > expected.length * 0.9, at + " of " + expected.length);
            }
        }
    }

    @Test
    void ratesMustBePositive() {
        assertThrows(IllegalArgumentException.class, () -> new ResamplerStream(0, 8000));
        assertThrows(IllegalArgumentException.class, () -> new ResamplerStream(8000, -1));
    }
}
