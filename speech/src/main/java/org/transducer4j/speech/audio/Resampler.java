package org.transducer4j.speech.audio;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.transducer4j.speech.internal.Require;

/**
 * Band-limited resampling by a windowed sinc: y(t) = sum_n x(n) h(t - n), with h a sinc at the lower of the two Nyquist
 * frequencies times {@value #ROLLOFF}, 16 zero crossings a side, under a Kaiser window (beta 9). The output instants
 * repeat after a few phases, whose weights are computed once, when they are first needed; each phase's weights sum to one.
 *
 * <p>n samples become ceil(n * out / in). What lies outside of the sound is zero.
 */
public final class Resampler {
    private static final int ZERO_CROSSINGS = 16;
    private static final double ROLLOFF = 0.95;
    private static final double BETA = 9;
    private static final int KEPT = 32;

    private static final Map<Long, Resampler> CACHE = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Resampler> eldest) {
            return size() > KEPT;
        }
    };

    private final int in;
    private final int out;
    private final int reach; // taps are at floor(t) - reach + 1 .. floor(t) + reach
    private final double cutoff; // of the input's Nyquist frequency
    private final AtomicReferenceArray<float[]> weights; // out phases x 2 reach, each made when it is first needed

    private Resampler(int in, int out) {
        this.in = in;
        this.out = out;
        this.cutoff = Math.min(1, (double) out / in) * ROLLOFF;
        this.reach = (int) Math.ceil(ZERO_CROSSINGS / cutoff);
        this.weights = new AtomicReferenceArray<>(out);
    }

    /** Rates without a common divisor have thousands of phases, of which a short sound needs a few. */
    private float[] weights(int phase) {
        float[] known = weights.get(phase);
        if (known != null) {
            return known;
        }
        double width = ZERO_CROSSINGS / cutoff;
        double[] exact = new double[2 * reach];
        double fraction = (double) ((long) phase * in % out) / out;
        double sum = 0;
        for (int k = 0; k < exact.length; k++) {
            double t = fraction - (k - reach + 1);
            exact[k] = sinc(cutoff * t) * kaiser(t / width);
            sum += exact[k];
        }
        float[] made = new float[exact.length];
        for (int k = 0; k < exact.length; k++) {
            made[k] = (float) (exact[k] / sum);
        }
        weights.set(phase, made);
        return made;
    }

    /**
     * @param audio any sound
     * @param rate the rate wanted, in Hz
     * @return the sound at that rate; the same object where it has it already
     */
    public static Audio resample(Audio audio, int rate) {
        Require.that(rate > 0, "sample rate must be positive, got %d", rate);
        if (rate == audio.sampleRate()) {
            return audio;
        }
        return new Audio(resample(audio.samples(), audio.sampleRate(), rate), rate);
    }

    /**
     * @param samples at rate {@code from}; not changed
     * @param from in any unit
     * @param to in the same unit
     * @return ceil(samples * to / from) samples
     */
    public static float[] resample(float[] samples, int from, int to) {
        if (from > 0 && from == to) {
            return Arrays.copyOf(samples, samples.length);
        }
        return of(from, to).apply(samples);
    }

    /**
     * How many samples become of some, without resampling any.
     *
     * @param samples a number of samples at rate {@code from}
     * @param from in any unit, positive
     * @param to in the same unit, positive
     * @return ceil(samples * to / from)
     */
    public static long length(long samples, int from, int to) {
        Require.that(from > 0 && to > 0, "rates must be positive, got %d and %d", from, to);
        return Math.ceilDiv(Math.multiplyExact(samples, to), from);
    }

    static Resampler of(int from, int to) {
        Require.that(from > 0 && to > 0, "rates must be positive, got %d and %d", from, to);
        int divisor = gcd(from, to);
        int in = from / divisor;
        int out = to / divisor;
        synchronized (CACHE) {
            return CACHE.computeIfAbsent((long) in << 32 | out, key -> new Resampler(in, out));
        }
    }

    private float[] apply(float[] x) {
        long count = count(x.length);
        Require.that(count <= Integer.MAX_VALUE - 16, "too long to resample: %d samples", count);
        float[] y = new float[(int) count];
        fill(x, 0, 0, y);
        return y;
    }

    /** How many samples so many become. */
    long count(long samples) {
        return (samples * out + in - 1) / in;
    }

    /** How many samples stay as they are, whatever follows on the first {@code samples}. */
    long complete(long samples) {
        return samples <= reach ? 0 : count(samples - reach);
    }

    /** The first sample that a sample of the result is made of; before the beginning for the first ones. */
    long firstTap(long sample) {
        return sample * in / out - reach + 1;
    }

    /** Samples of the result from {@code from} on, made of those that lie at {@code start} and behind. */
    void fill(float[] x, long start, long from, float[] y) {
        for (int i = 0; i < y.length; i++) {
            int first = (int) (firstTap(from + i) - start);
            float[] w = weights((int) ((from + i) % out));
            int begin = Math.max(0, -first);
            int end = Math.min(w.length, x.length - first);
            float sum = 0;
            for (int k = begin; k < end; k++) {
                sum += w[k] * x[first + k];
            }
            y[i] = sum;
        }
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double kaiser(double x) {
        return Math.abs(x) >= 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x)) / bessel(BETA);
    }

    /** The modified Bessel function I0 by its series. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
