package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WholeFile;
import org.transducer4j.speech.internal.Require;

/**
 * Reads WAV and FLAC files, by what is in them and not by their names, and writes WAV.
 *
 * <p>Parts of a WAV file are read where they lie. A FLAC file is decoded as a whole, so that its samples can be checked
 * against the length and the MD5 sum in its header; when parts of it are asked for it is kept decoded in a small cache,
 * since a corpus with many clips in one file asks for its neighbours next.
 */
public final class AudioFiles {
    /** How far a stated end may lie behind the end of the file, in seconds: durations are often rounded. */
    static final double END_TOLERANCE = 0.05;

    private AudioFiles() {}

    /**
     * Reads a whole file.
     *
     * @param file WAV or FLAC
     * @return its sound, channels averaged
     * @throws BadInputException if the file is missing, cut short, holds no samples or isn't such a file
     */
    public static Audio read(Path file) {
        return read(file, 0, 0);
    }

    /**
     * Reads a part of a file.
     *
     * @param file WAV or FLAC
     * @param offsetSeconds where the part begins
     * @param durationSeconds its length; zero, less or NaN: to the end of the file. It may reach up to 0.05 s behind the
     *     end, since durations are often rounded; what is there is then returned
     * @return the sound at the file's own rate, channels averaged
     * @throws BadInputException if the file is missing, cut short, holds no samples, isn't such a file or ends earlier
     */
    public static Audio read(Path file, double offsetSeconds, double durationSeconds) {
        Require.that(
                offsetSeconds >= 0 && Double.isFinite(offsetSeconds),
                "offset must be finite and not negative, got %s",
                offsetSeconds);
        try (FileChannel channel = FileChannel.open(file)) {
            return switch (format(file, channel)) {
                case WAV -> readWav(file, channel, offsetSeconds, durationSeconds);
                case FLAC -> readFlac(file, channel, offsetSeconds, durationSeconds);
            };
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /**
     * @param file WAV or FLAC
     * @return what its header says; no samples are read
     * @throws BadInputException if the file is missing or isn't such a file
     */
    public static AudioInfo info(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            return switch (format(file, channel)) {
                case WAV -> {
                    WavHeader header = WavHeader.read(file, channel);
                    yield new AudioInfo(header.sampleRate(), header.channels(), header.samples());
                }
                case FLAC -> FlacDecoder.info(file, channel);
            };
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /**
     * @param file WAV or FLAC
     * @return its sample rate in Hz
     * @throws BadInputException if the file is missing or isn't such a file
     */
    public static int sampleRate(Path file) {
        return info(file).sampleRate();
    }

    /**
     * Writes mono 16-bit PCM; samples outside [-1, 1] are clipped. An existing file is replaced as a whole: the new one is
     * written beside it and moved into place.
     *
     * @param file where to
     * @param audio what to
     * @throws BadInputException if the file can't be written
     */
    public static void writeWav(Path file, Audio audio) {
        float[] samples = audio.samples();
        long bytes = 2L * samples.length;
        Require.that(bytes <= Integer.MAX_VALUE - 64, "too long for a WAV file: %d samples", samples.length);
        ByteBuffer out = ByteBuffer.allocate(44 + (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + (int) bytes);
        out.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        out.putShort((short) 1).putShort((short) 1).putInt(audio.sampleRate()).putInt(2 * audio.sampleRate());
        out.putShort((short) 2).putShort((short) 16);
        out.put("data".getBytes(StandardCharsets.US_ASCII)).putInt((int) bytes);
        for (float sample : samples) {
            out.putShort((short) Math.clamp(Math.round(sample * 32768f), -32768, 32767));
        }
        WholeFile.write(file, out.array());
    }

    private static Audio readWav(Path file, FileChannel channel, double offset, double duration) throws IOException {
        WavHeader header = WavHeader.read(file, channel);
        Range range = range(file, header.sampleRate(), header.samples(), offset, duration);
        return header.read(file, channel, range.begin(), range.end());
    }

    private static Audio readFlac(Path file, FileChannel channel, double offset, double duration) throws IOException {
        AudioInfo info = FlacDecoder.info(file, channel);
        double wanted = duration > 0 ? duration * info.sampleRate() : info.samples() - offset * info.sampleRate();
        // Who reads most of a file won't come back for its other parts.
        boolean keep = info.samples() > 0 && wanted < 0.5 * info.samples();
        Audio all = keep
                ? DecodedCache.get(file, () -> FlacDecoder.decode(file, readAll(file, channel)))
                : FlacDecoder.decode(file, readAll(file, channel));
        float[] samples = all.samples();
        Range range = range(file, all.sampleRate(), samples.length, offset, duration);
        if (!keep && range.begin() == 0 && range.end() == samples.length) {
            return all;
        }
        return new Audio(Arrays.copyOfRange(samples, (int) range.begin(), (int) range.end()), all.sampleRate());
    }

    private record Range(long begin, long end) {}

    private static Range range(Path file, int rate, long samples, double offset, double duration) {
        if (samples == 0) {
            throw new BadInputException(file + ": holds no samples");
        }
        long begin = Math.round(offset * rate);
        if (begin >= samples) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: offset %s s lies behind its end: it is %.6g s long",
                    file,
                    offset,
                    (double) samples / rate));
        }
        if (!(duration > 0)) {
            return new Range(begin, samples);
        }
        double count = Math.rint(duration * rate);
        if (begin + count > samples + END_TOLERANCE * rate) {
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "%s: offset %s s and duration %s s reach behind its end: it is %.6g s long",
                    file,
                    offset,
                    duration,
                    (double) samples / rate));
        }
        long end = Math.min(samples, begin + Math.max(1, (long) count));
        return new Range(begin, end);
    }

    private enum Format {
        WAV,
        FLAC
    }

    private static Format format(Path file, FileChannel channel) throws IOException {
        if (Files.isDirectory(file)) {
            throw new BadInputException(file + ": is a folder, not a sound file");
        }
        if (channel.size() == 0) {
            throw new BadInputException(file + ": is empty (0 bytes)");
        }
        byte[] head = new byte[12];
        int count = channel.read(ByteBuffer.wrap(head), 0);
        String text = new String(head, 0, Math.max(count, 0), StandardCharsets.ISO_8859_1);
        if (text.startsWith("RIFF")) {
            return Format.WAV;
        }
        if (text.startsWith("fLaC") || (text.startsWith("ID3") && FlacDecoder.afterId3(channel) > 0)) {
            return Format.FLAC;
        }
        throw new BadInputException(file + ": is neither WAV nor FLAC" + guess(text));
    }

    private static String guess(String head) {
        if (head.startsWith("OggS")) {
            return " (it looks like Ogg)";
        }
        if (head.startsWith("ID3") || (head.length() > 1 && head.charAt(0) == 0xff && head.charAt(1) >= 0xe0)) {
            return " (it looks like MP3)";
        }
        if (head.startsWith("RF64") || head.startsWith("RIFX") || head.startsWith("FORM")) {
            return " (it starts with " + head.substring(0, 4) + ", which isn't supported)";
        }
        if (head.startsWith("NIST")) {
            return " (it looks like NIST SPHERE)";
        }
        return "";
    }

    private static byte[] readAll(Path file, FileChannel channel) {
        try {
            if (channel.size() > Integer.MAX_VALUE - 16) {
                throw new BadInputException(file + ": FLAC files of more than 2 GiB aren't supported");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            long position = 0;
            while (bytes.hasRemaining()) {
                int count = channel.read(bytes, position);
                if (count < 0) {
                    break;
                }
                position += count;
            }
            return bytes.array();
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }
}
