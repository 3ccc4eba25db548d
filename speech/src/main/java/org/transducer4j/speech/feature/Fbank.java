package org.transducer4j.speech.feature;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.transducer4j.speech.internal.Require;

/**
 * Log-mel filterbank features as Kaldi and Lhotse compute them, with samples in [-1, 1], dither 0 and snip_edges false.
 * A frame: its mean removed, preemphasis, the Povey window (Hann to the power 0.85), zeros up to a power of two, power
 * spectrum, mel filters, floor, natural logarithm. Frame f is centred on sample (f + 1/2) shift; the sound is mirrored
 * at its ends.
 *
 * <p>Thread-safe.
 */
public final class Fbank {
    private static final int WARP_STEPS = 100;

    private final FbankOptions options;
    private final double[] window;
    private final RealFft fft;
    private final ConcurrentHashMap<Integer, MelFilters> filters = new ConcurrentHashMap<>();

    /**
     * @param options what to compute
     * @throws IllegalArgumentException if a mel filter would be empty
     */
    public Fbank(FbankOptions options) {
        this.options = options;
        this.fft = new RealFft(options.fftSize());
        int size = options.windowSize();
        this.window = new double[size];
        for (int i = 0; i < size; i++) {
            window[i] = Math.pow(0.5 - 0.5 * Math.cos(2 * Math.PI * i / (size - 1)), 0.85);
        }
        filters(1);
    }

    /**
     * @return what is computed
     */
    public FbankOptions options() {
        return options;
    }

    /**
     * @param samples number of samples
     * @return number of frames they make: (samples + shift/2) / shift
     */
    public int frames(int samples) {
        int shift = options.windowShift();
        return (int) (((long) samples + shift / 2) / shift);
    }

    /**
     * @param samples in [-1, 1], at the options' rate
     * @return frames(samples.length) x bins; no frames where the sound is shorter than half a shift
     */
    public Features compute(float[] samples) {
        return compute(samples, 1);
    }

    /**
     * Features of a voice with a longer or a shorter vocal tract.
     *
     * @param samples in [-1, 1], at the options' rate
     * @param warp Kaldi's vtln_warp, in [0.5, 2], rounded to hundredths; 1 for none
     * @return frames(samples.length) x bins
     */
    public Features compute(float[] samples, double warp) {
        return compute(samples, 0, 0, frames(samples.length), filters(warp));
    }

    /** Where a frame's window begins, in samples from the beginning; before it for the first frames. */
    long begin(int frame) {
        int shift = options.windowShift();
        return (long) frame * shift + shift / 2 - window.length / 2;
    }

    /** Frames [from, to) of a sound of which the samples from {@code start} on are there; it is mirrored at the ends of what is there. */
    Features compute(float[] samples, long start, int from, int to) {
        return compute(samples, start, from, to, filters(1));
    }

    private Features compute(float[] samples, long start, int from, int to, MelFilters mel) {
        int frames = to - from;
        int bins = options.bins();
        float[] out = new float[Math.multiplyExact(frames, bins)];
        double[] frame = new double[fft.size()];
        double[] re = new double[fft.size() / 2];
        double[] im = new double[fft.size() / 2];
        double[] power = new double[fft.size() / 2];
        for (int f = 0; f < frames; f++) {
            cut(samples, (int) (begin(from + f) - start), frame);
            condition(frame);
            fft.power(frame, re, im, power);
            mel.logEnergies(power, options.floor(), out, f * bins);
        }
        return new Features(frames, bins, out);
    }

    private void cut(float[] samples, int begin, double[] frame) {
        int n = samples.length;
        int size = window.length;
        if (begin >= 0 && begin + size <= n) {
            for (int i = 0; i < size; i++) {
                frame[i] = samples[begin + i];
            }
            return;
        }
        for (int i = 0; i < size; i++) {
            int at = begin + i;
            while (at < 0 || at >= n) {
                at = at < 0 ? -at - 1 : 2 * n - 1 - at;
            }
            frame[i] = samples[at];
        }
    }

    private void condition(double[] frame) {
        int size = window.length;
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += frame[i];
        }
        mean /= size;
        double a = options.preemphasis();
        double before = frame[0] - mean;
        for (int i = 0; i < size; i++) {
            double now = frame[i] - mean;
            frame[i] = (now - a * before) * window[i];
            before = now;
        }
        Arrays.fill(frame, size, frame.length, 0);
    }

    private MelFilters filters(double warp) {
        Require.that(warp >= 0.5 && warp <= 2, "warp must be in [0.5, 2], got %s", warp);
        int step = (int) Math.round(warp * WARP_STEPS);
        return filters.computeIfAbsent(step, s -> new MelFilters(options, (double) s / WARP_STEPS));
    }
}
