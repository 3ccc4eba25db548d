package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.transducer4j.speech.BadInputException;

/**
 * FLAC files, also with an ID3 tag in front. A file is decoded as a whole, so that its samples can be checked against the length and the
 * MD5 sum in its header; when parts of it are asked for it is kept decoded in a small cache, since a corpus with many clips in one file
 * asks for its neighbours next.
 */
public final class Flac implements AudioReader {
    /** For {@link java.util.ServiceLoader}. */
    public Flac() {}

    @Override
    public String name() {
        return "flac";
    }

    @Override
    public boolean recognises(Path file, byte[] head) throws IOException {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("ID3")) {
            return text.startsWith("fLaC");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return FlacDecoder.afterId3(channel) > 0;
        }
    }

    @Override
    public AudioInfo info(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return FlacDecoder.info(file, channel);
        }
    }

    @Override
    public Audio read(Path file, AudioPart part) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            AudioInfo info = FlacDecoder.info(file, channel);
            double wanted = part.duration() > 0
                    ? part.duration() * info.sampleRate()
                    : info.samples() - part.offset() * info.sampleRate();
            // Who reads most of a file won't come back for its other parts.
            if (info.samples() <= 0 || wanted >= 0.5 * info.samples()) {
                return part.cut(file, FlacDecoder.decode(file, readAll(file, channel)));
            }
            Audio kept = DecodedCache.get(file, () -> FlacDecoder.decode(file, readAll(file, channel)));
            // A copy in any case: others will be given the one that is kept.
            AudioPart.Range range = part.range(file, kept.sampleRate(), kept.samples().length);
            return new Audio(
                    Arrays.copyOfRange(kept.samples(), (int) range.begin(), (int) range.end()), kept.sampleRate());
        }
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
