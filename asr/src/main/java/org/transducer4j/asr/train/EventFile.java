package org.transducer4j.asr.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.WholeFile;
import tools.jackson.databind.JsonNode;

/**
 * What metrics.jsonl holds, for TensorBoard: one event for each of its lines, behind the one that states the version. A
 * resumed run keeps those up to where it stands, and writes again those that are missing.
 *
 * <p>The file is a sequence of TFRecords: length (uint64), masked CRC-32C of the length, data, masked CRC-32C of the data, all
 * little-endian. The data are {@code tensorflow.Event} messages in protobuf's wire format.
 */
final class EventFile implements AutoCloseable {
    static final String NAME = "events.out.tfevents.0.transducer4j";

    /** What a line's field is called in TensorBoard, by the line's type. */
    private static final Map<String, Map<String, String>> TAGS = Map.of(
            "step",
            Map.of(
                    "loss",
                    "train/loss",
                    "learning_rate",
                    "train/learning_rate",
                    "gradient_norm",
                    "train/gradient_norm"),
            "epoch",
            Map.of(
                    "loss", "epoch/loss",
                    "valid_loss", "epoch/valid_loss",
                    "wer", "epoch/wer",
                    "audio_per_second", "epoch/audio_per_second",
                    "loss_peak_bytes", "memory/loss_bytes",
                    "process_peak_bytes", "memory/process_bytes"));

    private static final String VERSION = "brain.Event:2";

    private final FileChannel channel;

    private EventFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens the file with the events of these lines in it, and those before the end whose lines are lost.
     *
     * @param folder of the run
     * @param lines of metrics.jsonl
     * @param end the place where the run stands
     * @param warnings hears, in one line, of a file that isn't what the run wrote
     */
    static EventFile open(Path folder, List<JsonNode> lines, LogPlace end, Consumer<String> warnings) {
        Path path = folder.resolve(NAME);
        try {
            // TensorBoard reads whatever has tfevents in its name.
            DamagedLog log = new DamagedLog(path, "events");
            byte[] before = log.read();
            EventRecords records = EventRecords.of(before, end);
            if (records.rest().length > 0) {
                warnings.accept(path + ": isn't what the run wrote: what can't be kept is in "
                        + log.aside(records.rest()).getFileName() + ", the training goes on");
            }
            byte[] whole = whole(records, lines);
            if (!startsWith(before, whole)) {
                WholeFile.write(path, whole);
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            channel.truncate(whole.length);
            return new EventFile(channel);
        } catch (IOException e) {
            throw BadInputException.unwritable(path, e);
        }
    }

    /** All records in their order; what is missing is made from its line. */
    private static byte[] whole(EventRecords records, List<JsonNode> lines) {
        TreeMap<LogPlace, byte[]> events = records.events();
        for (JsonNode line : lines) {
            LogPlace place = LogPlace.of(line);
            if (place != null) {
                events.computeIfAbsent(place, _ -> record(event(line)));
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] version = records.version();
        all.writeBytes(version == null ? record(new Message().fixed64(1, now()).string(3, VERSION)) : version);
        events.values().forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static boolean startsWith(byte[] file, byte[] beginning) {
        return file.length >= beginning.length
                && Arrays.equals(file, 0, beginning.length, beginning, 0, beginning.length);
    }

    /** Adds a line of metrics.jsonl. */
    void add(JsonNode line) throws IOException {
        MetricsFile.write(channel, record(event(line)));
    }

    private static Message event(JsonNode line) {
        Message summary = new Message();
        TAGS.getOrDefault(line.path("type").asString(), Map.of()).entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .filter(tag -> line.path(tag.getKey()).isNumber()
                        && Double.isFinite(line.path(tag.getKey()).doubleValue()))
                .forEach(tag -> summary.message(
                        1,
                        new Message()
                                .string(1, tag.getValue())
                                .fixed32(2, line.path(tag.getKey()).floatValue())));
        long step = line.path(line.has("step") ? "step" : "steps").asLong();
        return new Message().fixed64(1, now()).varint(2, step).message(5, summary);
    }

    private static double now() {
        return System.currentTimeMillis() / 1000.0;
    }

    private static byte[] record(Message event) {
        byte[] data = event.bytes.toByteArray();
        byte[] length = little(data.length, Long.BYTES);
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(length);
        record.writeBytes(little(maskedCrc(length), Integer.BYTES));
        record.writeBytes(data);
        record.writeBytes(little(maskedCrc(data), Integer.BYTES));
        return record.toByteArray();
    }

    /** The lowest byte first. */
    private static byte[] little(long bits, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (bits >>> (8 * i));
        }
        return bytes;
    }

    /** Rotated and moved, so that a checksum of data that hold checksums isn't weak. */
    static int maskedCrc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    /** Sees to it that all events are on the disk. */
    void flush() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A message in protobuf's wire format: each field with its number and kind in front. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            key(field, 0);
            number(value);
            return this;
        }

        Message fixed64(int field, double value) {
            key(field, 1);
            bytes.writeBytes(little(Double.doubleToLongBits(value), Double.BYTES));
            return this;
        }

        Message fixed32(int field, float value) {
            key(field, 5);
            bytes.writeBytes(little(Float.floatToIntBits(value), Float.BYTES));
            return this;
        }

        Message string(int field, String value) {
            return delimited(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return delimited(field, value.bytes.toByteArray());
        }

        private Message delimited(int field, byte[] value) {
            key(field, 2);
            number(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private void key(int field, int kind) {
            number((long) field << 3 | kind);
        }

        /** Seven bits a byte, the lowest first. */
        private void number(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }
}
