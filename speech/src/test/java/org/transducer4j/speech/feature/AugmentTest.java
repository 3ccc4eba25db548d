package org.transducer4j.speech.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentTest {
    private static Features ramp(int frames, int bins) {
        float[] values = new float[frames * bins];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return new Features(frames, bins, values);
    }

    @Test
    void masksHideTheMeanWithinTheirLimits() {
        SpecAugmentOptions options = new SpecAugmentOptions(1, 0, 2, 6, 4, 10, 0.2);
        SpecAugment augment = new SpecAugment(options);
        boolean bands = false;
        boolean stretches = false;
        for (int seed = 0; seed < 50; seed++) {
            Features before = ramp(150, 20);
            Features after = augment.apply(before, new SplittableRandom(seed));
            assertArrayEquals(ramp(150, 20).values(), before.values());
            float mean = (1 + 3000) / 2f;
            int hiddenFrames = 0;
            boolean[] hiddenBin = new boolean[20];
            Arrays.fill(hiddenBin, true);
            for (int t = 0; t < 150; t++) {
                boolean whole = true;
                for (int b = 0; b < 20; b++) {
                    boolean hidden = after.at(t, b) == mean;
                    assertTrue(hidden || after.at(t, b) == before.at(t, b));
                    whole &= hidden;
                    hiddenBin[b] &= hidden;
                }
                hiddenFrames += whole ? 1 : 0;
            }
            int hiddenBins = 0;
            for (boolean hidden : hiddenBin) {
                hiddenBins += hidden ? 1 : 0;
            }
            assertTrue(hiddenFrames <= 30, "frames " + hiddenFrames);
            assertTrue(hiddenBins <= 12, "bins " + hiddenBins);
            bands |= hiddenBins > 0;
            stretches |= hiddenFrames > 0;
        }
        assertTrue(bands && stretches);
    }

    @Test
    void timeWarpKeepsTheEndsAndTheLength() {
        SpecAugment warp = new SpecAugment(new SpecAugmentOptions(1, 10, 0, 0, 0, 0, 0));
        Features before = ramp(80, 3);
        Features after = warp.apply(before, new SplittableRandom(4));
        assertEquals(80, after.frames());
        assertFalse(Arrays.equals(before.values(), after.values()));
        for (int b = 0; b < 3; b++) {
            assertEquals(before.at(0, b), after.at(0, b));
            assertEquals(before.at(79, b), after.at(79, b), 1e-3);
        }
        for (int t = 1; t < 80; t++) {
            assertTrue(after.at(t, 0) > after.at(t - 1, 0), "still rising at " + t);
        }
    }

    @Test
    void smallestInputs() {
        SpecAugment augment = new SpecAugment(new SpecAugmentOptions(1, 5, 2, 50, 10, 100, 1));
        for (int frames : new int[] {0, 1, 2, 13, 14}) {
            for (int seed = 0; seed < 20; seed++) {
                assertEquals(
                        frames,
                        augment.apply(ramp(frames, 4), new SplittableRandom(seed))
                                .frames());
            }
        }
        SpecAugment never = new SpecAugment(new SpecAugmentOptions(0, 5, 2, 50, 10, 100, 1));
        Features features = ramp(9, 4);
        assertArrayEquals(
                features.values(),
                never.apply(features, new SplittableRandom(1)).values());
    }

    @Test
    void noiseHasTheRatioAsked() {
        for (double snr : new double[] {0, 20}) {
            for (int seed = 0; seed < 20; seed++) {
                float[] x = new float[20000];
                for (int i = 0; i < x.length; i++) {
                    x[i] = (float) Math.sin(0.1 * i);
                }
                float[] noisy = x.clone();
                Augment.addNoise(noisy, snr, new SplittableRandom(seed));
                double noise = 0;
                for (int i = 0; i < x.length; i++) {
                    noise += Math.pow(noisy[i] - x[i], 2);
                }
                assertEquals(snr, 10 * Math.log10(0.5 * x.length / noise), 1.5);
            }
        }
    }

    @Test
    void sameDrawSameFeaturesAndTheSoundIsLeftAlone() {
        Fbank fbank = new Fbank(FbankOptions.defaults(8000));
        Augment augment = new Augment(AugmentOptions.defaults(40), fbank);
        float[] x = new float[8000];
        Random random = new Random(2);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (0.1 * random.nextGaussian());
        }
        float[] kept = x.clone();
        Features one = augment.vary(x, new SplittableRandom(9)).features();
        assertArrayEquals(kept, x);
        assertArrayEquals(
                one.values(),
                augment.vary(x, new SplittableRandom(9)).features().values());
        assertFalse(Arrays.equals(
                one.values(),
                augment.vary(x, new SplittableRandom(10)).features().values()));
        boolean longer = false;
        boolean shorter = false;
        for (int seed = 0; seed < 30; seed++) {
            Augment.Varied varied = augment.vary(x, new SplittableRandom(seed));
            int frames = varied.features().frames();
            assertEquals(100 / varied.speed(), frames, 0.51);
            assertTrue(frames >= 90 && frames <= 112, "frames " + frames);
            longer |= frames > 100;
            shorter |= frames < 100;
        }
        assertTrue(longer && shorter);
    }

    @Test
    void nothingAskedNothingDone() {
        Fbank fbank = new Fbank(FbankOptions.defaults(8000));
        AugmentOptions none = new AugmentOptions(List.of(1.0), 1, 1, 1, 0, 0, 10, 20, 0, null);
        float[] x = new float[4000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(0.3 * i);
        }
        assertArrayEquals(
                fbank.compute(x).values(),
                new Augment(none, fbank)
                        .vary(x, new SplittableRandom(1))
                        .features()
                        .values());
    }

    @Test
    void badOptions() {
        assertThrows(
                IllegalArgumentException.class, () -> new AugmentOptions(List.of(), 1, 1, 1, 0, 0, 10, 20, 0, null));
        assertThrows(
                IllegalArgumentException.class, () -> new AugmentOptions(List.of(3.0), 1, 1, 1, 0, 0, 10, 20, 0, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new AugmentOptions(List.of(1.0), 1.2, 1, 1, 0, 0, 10, 20, 0, null));
        assertThrows(
                IllegalArgumentException.class, () -> new AugmentOptions(List.of(1.0), 1, 1, 1, 0, 2, 10, 20, 0, null));
        assertThrows(
                IllegalArgumentException.class, () -> new AugmentOptions(List.of(1.0), 1, 1, 1, 0, 0, 30, 20, 0, null));
        assertThrows(IllegalArgumentException.class, () -> new SpecAugmentOptions(2, 0, 0, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new SpecAugmentOptions(1, 0, 0, -1, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new SpecAugmentOptions(1, 0, 0, 0, 0, 0, 1.5));
    }
}
