package org.transducer4j.toy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioInfo;
import org.transducer4j.speech.audio.AudioPart;
import org.transducer4j.speech.audio.AudioReader;

/** A format of sound from outside: {@code TOY!}, the rate as a big-endian int, then samples of 16 bits, the last one first. */
public final class ToyAudio implements AudioReader {
    private static final byte[] MARK = "TOY!".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = MARK.length + Integer.BYTES;

    /** Writes such a file. */
    public static void write(Path file, Audio audio) throws IOException {
        float[] samples = audio.samples();
        ByteBuffer out = ByteBuffer.allocate(HEADER + Short.BYTES * samples.length);
        out.put(MARK).putInt(audio.sampleRate());
        for (int i = samples.length - 1; i >= 0; i--) {
            out.putShort((short) Math.round(samples[i] * 32768f));
        }
        Files.write(file, out.array());
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return head.length >= HEADER && Arrays.equals(MARK, Arrays.copyOf(head, MARK.length));
    }

    @Override
    public AudioInfo info(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        return new AudioInfo(bytes.getInt(MARK.length), 1, (bytes.capacity() - HEADER) / Short.BYTES);
    }

    @Override
    public Audio read(Path file, AudioPart part) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        float[] samples = new float[(bytes.capacity() - HEADER) / Short.BYTES];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = bytes.getShort(bytes.capacity() - Short.BYTES * (i + 1)) / 32768f;
        }
        return part.cut(file, new Audio(samples, bytes.getInt(MARK.length)));
    }
}
