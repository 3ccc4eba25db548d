package org.transducer4j.asr.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.JsonNode;

/**
 * What metrics.jsonl holds, for TensorBoard: one event for each of its lines, behind the one that states the version. So
 * a resumed run knows which events to keep by counting lines, and writes again those that are missing.
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

    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
    private static final String VERSION = "brain.Event:2";

    private final FileChannel channel;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    private EventFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file with the events of these lines in it and no others. */
    static EventFile open(Path folder, List<JsonNode> lines) {
        Path path = folder.resolve(NAME);
        try {
            EventFile file = new EventFile(FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            int kept = file.keep(lines.size() + 1);
            if (kept == 0) {
                file.record(new Message().fixed64(1, now()).string(3, VERSION));
            }
            lines.stream().skip(Math.max(0, kept - 1)).forEach(file::add);
            return file;
        } catch (IOException e) {
            throw BadInputException.unwritable(path, e);
        }
    }

    /** Cuts the file behind so many records, or behind its last whole one; says how many are left. */
    private int keep(int most) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long end = 0;
        int records = 0;
        while (records < most && channel.read(length.clear(), end) == Long.BYTES) {
            long next = end + HEADER_BYTES + length.getLong(0) + Integer.BYTES;
            if (next <= end || next > channel.size()) {
                break;
            }
            end = next;
            records++;
        }
        channel.truncate(end);
        channel.position(end);
        return records;
    }

    /** Adds a line of metrics.jsonl. */
    void add(JsonNode line) {
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
        record(new Message().fixed64(1, now()).varint(2, step).message(5, summary));
    }

    private static double now() {
        return System.currentTimeMillis() / 1000.0;
    }

    private void record(Message event) {
        byte[] data = event.bytes.toByteArray();
        byte[] length = little(data.length, Long.BYTES);
        pending.writeBytes(length);
        pending.writeBytes(little(maskedCrc(length), Integer.BYTES));
        pending.writeBytes(data);
        pending.writeBytes(little(maskedCrc(data), Integer.BYTES));
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
    private static int maskedCrc(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    /** Writes what is pending to the disk. */
    void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        pending.reset();
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
