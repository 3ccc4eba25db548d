package org.transducer4j.asr.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.JsonText;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * metrics.jsonl: a line for each step and each epoch. A checkpoint notes its length, and a resumed run cuts it back to
 * that. TensorBoard's {@link EventFile} follows it.
 */
final class MetricsFile implements AutoCloseable {
    static final String NAME = "metrics.jsonl";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final FileChannel channel;
    private final EventFile events;
    private final StringBuilder pending = new StringBuilder();

    private MetricsFile(FileChannel channel, EventFile events) {
        this.channel = channel;
        this.events = events;
    }

    /** Opens the file with only its first bytes kept. */
    static MetricsFile open(Path folder, long bytes) {
        Path file = folder.resolve(NAME);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(bytes);
            channel.position(bytes);
            return new MetricsFile(channel, EventFile.open(folder, lines(file)));
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        } catch (JacksonException e) {
            throw new BadInputException(file + ": isn't what the run wrote: a line is no JSON", e);
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(JSON::readTree).toList();
    }

    void add(Map<String, ?> line) {
        pending.append(JsonText.line(line)).append('\n');
        events.add(JSON.valueToTree(line));
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
            events.flush();
            return channel.position();
        } catch (IOException e) {
            throw new UncheckedIOException(NAME + " or its events can't be written", e);
        }
    }

    @Override
    public void close() {
        events.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
