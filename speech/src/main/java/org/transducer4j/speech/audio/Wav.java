package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * RIFF WAVE files, also with 64-bit sizes (RF64, BW64): PCM of 8 to 32 bits, floating point, A-law and mu-law, any number of channels. Parts are
 * read where they lie. A size of the data that is a placeholder of a writer that couldn't know it (0, 0x7ffff000, 0xffffffff and the like)
 * stands for all that is there; a file that is shorter than a size of another kind is refused.
 */
public final class Wav implements AudioReader {
    /** For {@link java.util.ServiceLoader}. */
    public Wav() {}

    @Override
    public String name() {
        return "wav";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith("RIFF") || text.startsWith("RF64") || text.startsWith("BW64");
    }

    @Override
    public AudioInfo info(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            WavHeader header = WavHeader.read(file, channel);
            return new AudioInfo(header.sampleRate(), header.channels(), header.samples());
        }
    }

    @Override
    public Audio read(Path file, AudioPart part) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            WavHeader header = WavHeader.read(file, channel);
            AudioPart.Range range = part.range(file, header.sampleRate(), header.samples());
            return header.read(file, channel, range.begin(), range.end());
        }
    }
}
