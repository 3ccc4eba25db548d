package org.transducer4j.asr.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Consumer;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.JsonText;
import org.transducer4j.speech.WholeFile;
import tools.jackson.databind.json.JsonMapper;

/**
 * metrics.jsonl: a line for each step and each epoch, written at once. A checkpoint notes its length, and a resumed run cuts it back to
 * that. A file that isn't what the run wrote is mended ({@link LogLines}). TensorBoard's {@link EventFile} follows it.
 */
final class MetricsFile implements AutoCloseable {
    static final String NAME = "metrics.jsonl";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final FileChannel channel;
    private final EventFile events;

    private MetricsFile(FileChannel channel, EventFile events) {
        this.channel = channel;
        this.events = events;
    }

    /**
     * Opens the file with what a run has written in it, and no more.
     *
     * @param folder of the run
     * @param bytes what the run had written when it stood at the end
     * @param end the place where the run stands
     * @param warnings hears, in one line, of a file that isn't what the run wrote
     */
    static MetricsFile open(Path folder, long bytes, LogPlace end, Consumer<String> warnings) {
        Path file = folder.resolve(NAME);
        try {
            DamagedLog log = new DamagedLog(file, NAME);
            boolean there = Files.exists(file);
            LogLines lines = LogLines.of(log.read(), bytes, end);
            if (!lines.whole()) {
                mend(log, lines, there, end, warnings);
            }
            // What is appended lands behind what is there, even if somebody cuts the file meanwhile.
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            channel.truncate(lines.kept().length);
            return new MetricsFile(channel, EventFile.open(folder, lines.lines(), end, warnings));
        } catch (IOException e) {
            throw BadInputException.unwritable(file, e);
        }
    }

    private static void mend(DamagedLog log, LogLines lines, boolean there, LogPlace end, Consumer<String> warnings) {
        String rest = lines.rest().length == 0
                ? "what else it held is lost"
                : "the rest is in " + log.aside(lines.rest()).getFileName();
        WholeFile.write(log.file(), lines.kept());
        warnings.accept(log.file() + (there ? ": isn't what the run wrote: " : ": is gone: ")
                + lines.lines().size() + " of its lines up to batch " + end.step() + " are kept, " + rest
                + ", the training goes on");
    }

    /** Writes a line to the file, if not yet to the disk. */
    void add(Map<String, ?> line) {
        try {
            write(channel, (JsonText.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
            events.add(JSON.valueToTree(line));
        } catch (IOException e) {
            throw new UncheckedIOException(NAME + " or its events can't be written", e);
        }
    }

    static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /** Sees to it that all lines are on the disk; returns the length of the file. */
    long flush() {
        try {
            channel.force(false);
            events.flush();
            return channel.size();
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
