package org.transducer4j.speech.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FbankStreamTest {
    /** The last ones have windows and shifts of an odd number of samples, and a window as long as its shift. */
    @ParameterizedTest
    @CsvSource({"16000,25,10", "8000,25,10", "11025,25,10", "11025,23,7", "16000,10,10", "8000,64,3"})
    void piecesGiveWhatTheWholeGives(int rate, double length, double shift) {
        FbankOptions defaults = FbankOptions.defaults(rate);
        Fbank fbank = new Fbank(
                new FbankOptions(rate, 10, length, shift, 0.97, 20, defaults.highFrequency(), defaults.floor()));
        SplittableRandom random = new SplittableRandom(rate);
        for (int count : new int[] {0, 1, 30, 79, 81, 200, 441, 1000, 9000}) {
            float[] x = new float[count];
            for (int i = 0; i < count; i++) {
                x[i] = (float) (2 * random.nextDouble() - 1);
            }
            Features whole = fbank.compute(x);
            for (int most : new int[] {1, 100, 5000}) {
                FbankStream stream = new FbankStream(fbank);
                float[] found = new float[whole.values().length];
                int frames = 0;
                for (int begin = 0; begin < count; ) {
                    int end = Math.min(count, begin + random.nextInt(most + 1));
                    frames = put(stream.accept(Arrays.copyOfRange(x, begin, end)), found, frames);
                    begin = end;
                }
                assertTrue(
                        frames >= whole.frames() - 2 - length / shift,
                        "only " + frames + " of " + whole.frames() + " before the end");
                frames = put(stream.finish(), found, frames);
                assertEquals(whole.frames(), frames);
                assertArrayEquals(whole.values(), found);
            }
        }
    }

    private static int put(Features piece, float[] all, int frames) {
        System.arraycopy(piece.values(), 0, all, frames * piece.bins(), piece.values().length);
        return frames + piece.frames();
    }
}
