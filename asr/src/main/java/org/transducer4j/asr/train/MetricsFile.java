package org.transducer4j.asr.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * metrics.jsonl: a line for each step and each epoch. A checkpoint notes its length, and a resumed run cuts it back to
 * that.
 */
final class MetricsFile implements AutoCloseable {
    static final String NAME = "metrics.jsonl";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final FileChannel channel;
    private final StringBuilder pending = new StringBuilder();

    private MetricsFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file with only its first bytes kept. */
    static MetricsFile open(Path folder, long bytes) {
        Path file = folder.resolve(NAME);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(bytes);
            channel.position(bytes);
            return new MetricsFile(channel);
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        }
    }

    void add(Map<String, ?> line) {
        pending.append(JSON.writeValueAsString(line)).append('\n');
    }

    /** Writes what is pending to the disk; returns the length of the file. */
    long flush() {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(pending.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            pending.setLength(0);
            channel.force(false);
            return channel.position();
        } catch (IOException e) {
            throw new UncheckedIOException(NAME + " can't be written", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
