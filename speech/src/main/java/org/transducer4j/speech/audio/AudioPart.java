package org.transducer4j.speech.audio;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.internal.Require;

/**
 * A part of a sound file.
 *
 * @param offset where it begins, in seconds
 * @param duration its length in seconds; zero, less or NaN: to the end of the file
 */
public record AudioPart(double offset, double duration) {
    /** How far a stated end may lie behind the end of the file, in seconds: durations are often rounded. */
    public static final double END_TOLERANCE = 0.05;

    /** All of a file. */
    public static final AudioPart WHOLE = new AudioPart(0, 0);

    /** Checks the offset. */
    public AudioPart {
        Require.that(offset >= 0 && Double.isFinite(offset), "offset must be finite and not negative, got %s", offset);
    }

    /**
     * Samples from begin to end.
     *
     * @param begin the first
     * @param end the last, plus 1
     */
    public record Range(long begin, long end) {}

    /**
     * Where the part lies in a file. Its end may lie up to {@value #END_TOLERANCE} s behind that of the file; what is there is then taken.
     *
     * @param file what messages name
     * @param sampleRate of it, in Hz
     * @param samples in it, a channel
     * @return one sample or more
     * @throws BadInputException if the file holds no samples or ends earlier
     */
    public Range range(Path file, int sampleRate, long samples) {
        if (samples == 0) {
            throw new BadInputException(file + ": holds no samples");
        }
        long begin = Math.round(offset * sampleRate);
        if (begin >= samples) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: offset %s s lies behind its end: it is %.6g s long",
                    file,
                    offset,
                    (double) samples / sampleRate));
        }
        if (!(duration > 0)) {
            return new Range(begin, samples);
        }
        double count = Math.rint(duration * sampleRate);
        if (begin + count > samples + END_TOLERANCE * sampleRate) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: offset %s s and duration %s s reach behind its end: it is %.6g s long",
                    file,
                    offset,
                    duration,
                    (double) samples / sampleRate));
        }
        return new Range(begin, Math.min(samples, begin + Math.max(1, (long) count)));
    }

    /**
     * Cuts the part out of a file that has been read as a whole.
     *
     * @param file what messages name
     * @param whole its sound
     * @return the part; the whole itself where it is that
     * @throws BadInputException if the file holds no samples or ends earlier
     */
    public Audio cut(Path file, Audio whole) {
        float[] samples = whole.samples();
        Range range = range(file, whole.sampleRate(), samples.length);
        if (range.begin() == 0 && range.end() == samples.length) {
            return whole;
        }
        return new Audio(Arrays.copyOfRange(samples, (int) range.begin(), (int) range.end()), whole.sampleRate());
    }
}
