package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** RIFF WAVE files: 8 to 32 bits and floating point, any number of channels. Parts are read where they lie. */
public final class Wav implements AudioReader {
    /** For {@link java.util.ServiceLoader}. */
    public Wav() {}

    @Override
    public String name() {
        return "wav";
    }

    @Override
    public boolean recognises(Path file, byte[] head) {
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("RIFF");
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
