package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Registry;
import org.transducer4j.speech.WholeFile;
import org.transducer4j.speech.internal.Require;

/**
 * Reads sound files of every format that has an {@link AudioReader}, by what is in them and not by their names, and writes WAV.
 *
 * <p>The readers of this library are asked first whether a file is theirs, then those of others, in the order of
 * {@link java.util.ServiceLoader}: a format that is added changes nothing for files that could be read before.
 */
public final class AudioFiles {
    /** Looked for once: sound is read often. */
    private static final class Readers {
        private static final Registry<AudioReader> FOUND =
                Registry.of("audio reader", ServiceLoader.load(AudioReader.class), AudioReader::name);
        private static final List<AudioReader> OWN_FIRST = FOUND.all().stream()
                .sorted(Comparator.comparing(
                        reader -> !reader.getClass().getPackageName().equals(AudioFiles.class.getPackageName())))
                .toList();
    }

    private AudioFiles() {}

    /**
     * The formats that can be read.
     *
     * @return a reader for each
     */
    public static Registry<AudioReader> readers() {
        return Readers.FOUND;
    }

    /**
     * Reads a whole file.
     *
     * @param file a sound file
     * @return its sound, channels averaged
     * @throws BadInputException if the file is missing, cut short, holds no samples or isn't such a file
     */
    public static Audio read(Path file) {
        return read(file, AudioPart.WHOLE);
    }

    /**
     * Reads a part of a file.
     *
     * @param file a sound file
     * @param offsetSeconds where the part begins
     * @param durationSeconds its length; zero, less or NaN: to the end of the file. It may reach up to 0.05 s behind the
     *     end, since durations are often rounded; what is there is then returned
     * @return the sound at the file's own rate, channels averaged
     * @throws BadInputException if the file is missing, cut short, holds no samples, isn't such a file or ends earlier
     */
    public static Audio read(Path file, double offsetSeconds, double durationSeconds) {
        return read(file, new AudioPart(offsetSeconds, durationSeconds));
    }

    /**
     * Reads a part of a file.
     *
     * @param file a sound file
     * @param part of it
     * @return the sound at the file's own rate, channels averaged
     * @throws BadInputException if the file is missing, cut short, holds no samples, isn't such a file or ends earlier
     */
    public static Audio read(Path file, AudioPart part) {
        try {
            return reader(file).read(file, part);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /**
     * @param file a sound file
     * @return what its header says; no samples are read
     * @throws BadInputException if the file is missing or isn't such a file
     */
    public static AudioInfo info(Path file) {
        try {
            return reader(file).info(file);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /**
     * @param file a sound file
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

    private static AudioReader reader(Path file) throws IOException {
        byte[] head = head(file);
        for (AudioReader reader : Readers.OWN_FIRST) {
            if (reader.recognises(file, head)) {
                return reader;
            }
        }
        throw new BadInputException(file + ": is " + none() + guess(new String(head, StandardCharsets.ISO_8859_1)));
    }

    private static byte[] head(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (Files.isDirectory(file)) {
                throw new BadInputException(file + ": is a folder, not a sound file");
            }
            if (channel.size() == 0) {
                throw new BadInputException(file + ": is empty (0 bytes)");
            }
            byte[] head = new byte[AudioReader.HEAD_BYTES];
            int count = channel.read(ByteBuffer.wrap(head), 0);
            return Arrays.copyOf(head, Math.max(count, 0));
        }
    }

    private static String none() {
        List<String> names = Readers.OWN_FIRST.stream()
                .map(reader -> reader.name().toUpperCase(Locale.ROOT))
                .toList();
        return names.size() == 2
                ? "neither " + names.getFirst() + " nor " + names.getLast()
                : "none of " + String.join(", ", names);
    }

    private static String guess(String head) {
        if (head.startsWith("OggS")) {
            return " (it looks like Ogg)";
        }
        if (head.startsWith("ID3") || (head.length() > 1 && head.charAt(0) == 0xff && head.charAt(1) >= 0xe0)) {
            return " (it looks like MP3)";
        }
        if (head.startsWith("RIFX") || head.startsWith("FORM")) {
            return " (it starts with " + head.substring(0, 4) + ", which isn't supported)";
        }
        if (head.startsWith("NIST")) {
            return " (it looks like NIST SPHERE)";
        }
        return "";
    }
}
