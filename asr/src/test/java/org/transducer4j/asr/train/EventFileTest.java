package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads event files with a parser of its own: TFRecord and protobuf by their specifications. */
class EventFileTest {
    @TempDir
    Path folder;

    /** An event's scalars by tag. */
    record Scalars(long step, double wallTime, Map<String, Float> values) {}

    /** Without what a clock says, and what a process holds: the loss keeps its grown arrays until the process ends. */
    static List<String> untimed(List<Scalars> events) {
        return events.stream()
                .map(e -> {
                    Map<String, Float> values = new TreeMap<>(e.values());
                    values.keySet()
                            .removeAll(List.of("epoch/audio_per_second", "memory/loss_bytes", "memory/process_bytes"));
                    return e.step() + " " + values;
                })
                .toList();
    }

    static List<Scalars> read(Path folder) throws IOException {
        List<Path> files;
        try (var found = Files.list(folder)) {
            files = found.filter(f -> f.getFileName().toString().contains("tfevents"))
                    .toList();
        }
        assertEquals(1, files.size());
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(files.getFirst())).order(ByteOrder.LITTLE_ENDIAN);
        List<Scalars> events = new ArrayList<>();
        for (int i = 0; in.hasRemaining(); i++) {
            byte[] length = new byte[8];
            in.get(length);
            assertEquals(masked(length), in.getInt());
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            assertEquals(masked(data), in.getInt());
            if (i == 0) {
                // wall_time, then file_version
                assertEquals((3 << 3) | 2, data[9]);
                assertEquals("brain.Event:2", new String(data, 11, data[10], StandardCharsets.US_ASCII));
            } else {
                events.add(event(data));
            }
        }
        return events;
    }

    /** CRC-32C bit by bit (polynomial 0x1EDC6F41, reflected), then TFRecord's mask. */
    private static int masked(byte[] data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 0xff;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x82F63B78;
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static Scalars event(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        double wallTime = Double.NaN;
        long step = -1;
        Map<String, Float> values = new TreeMap<>();
        while (in.hasRemaining()) {
            switch ((int) varint(in)) {
                case (1 << 3) | 1 -> wallTime = in.getDouble();
                case 2 << 3 -> step = varint(in);
                case (5 << 3) | 2 -> {
                    ByteBuffer summary = slice(in);
                    while (summary.hasRemaining()) {
                        assertEquals((1 << 3) | 2, varint(summary));
                        ByteBuffer value = slice(summary);
                        assertEquals((1 << 3) | 2, varint(value));
                        ByteBuffer tag = slice(value);
                        byte[] name = new byte[tag.remaining()];
                        tag.get(name);
                        assertEquals((2 << 3) | 5, varint(value));
                        values.put(new String(name, StandardCharsets.UTF_8), value.getFloat());
                    }
                }
                default -> throw new AssertionError("a field that no event has");
            }
        }
        return new Scalars(step, wallTime, values);
    }

    private static ByteBuffer slice(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer slice = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return slice;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static Map<String, Object> step(long step, double loss) {
        return Map.of("type", "step", "step", step, "epoch", 1, "loss", loss, "learning_rate", 0.5);
    }

    private MetricsFile open(long bytes, LogPlace end) {
        return MetricsFile.open(folder, bytes, end, _ -> {});
    }

    @Test
    void linesBecomeScalars() throws IOException {
        try (MetricsFile metrics = open(0, LogPlace.BEGINNING)) {
            metrics.add(step(1, 3.5));
            metrics.add(step(200_000_000_000L, Double.NaN));
            metrics.add(Map.of("type", "epoch", "steps", 2, "wer", 12.5, "loss", 1.5, "loss_peak_bytes", 1 << 20));
            metrics.flush();
        }
        List<Scalars> events = read(folder);
        assertEquals(
                List.of(
                        "1 {train/learning_rate=0.5, train/loss=3.5}",
                        "200000000000 {train/learning_rate=0.5}",
                        "2 {epoch/loss=1.5, epoch/wer=12.5}"),
                untimed(events));
        assertEquals(1048576f, events.getLast().values().get("memory/loss_bytes"));
        assertTrue(Math.abs(events.getFirst().wallTime() - System.currentTimeMillis() / 1000.0) < 600);
    }

    @Test
    void aResumedRunKeepsTheEventsOfTheLinesThatItKeeps() throws IOException {
        long bytes;
        try (MetricsFile metrics = open(0, LogPlace.BEGINNING)) {
            metrics.add(step(1, 1));
            bytes = metrics.flush();
            metrics.add(step(2, 2));
            metrics.add(step(3, 3));
            metrics.flush();
        }
        double first = read(folder).getFirst().wallTime();
        Path file = folder.resolve(EventFile.NAME);
        byte[] whole = Files.readAllBytes(file);
        // Cut in the middle of any record, or gone: what is missing is written again.
        for (int length : new int[] {0, 5, 30, whole.length - 1, whole.length}) {
            Files.write(file, Arrays.copyOf(whole, length));
            try (MetricsFile metrics = open(bytes, new LogPlace(1, false))) {
                metrics.add(step(2, 20));
                metrics.flush();
            }
            List<Scalars> events = read(folder);
            assertEquals(
                    List.of(
                            "1 {train/learning_rate=0.5, train/loss=1.0}",
                            "2 {train/learning_rate=0.5, train/loss=20.0}"),
                    untimed(events));
            if (length >= whole.length - 1) {
                assertEquals(first, events.getFirst().wallTime());
            }
        }
    }

    @Test
    void aLossThatIsntFiniteIsNullInItsLineAndNoScalar() throws IOException {
        long bytes;
        try (MetricsFile metrics = open(0, LogPlace.BEGINNING)) {
            metrics.add(
                    Map.of("type", "step", "step", 1, "loss", Double.NaN, "gradient_norm", Double.POSITIVE_INFINITY));
            bytes = metrics.flush();
        }
        String line = Files.readString(folder.resolve(MetricsFile.NAME));
        assertTrue(line.contains("\"loss\":null") && line.contains("\"gradient_norm\":null"), line);
        // A string, as it was written before, is no number either.
        String old = line.replace("null", "\"NaN\"").replace("\"step\":1", "\"step\":2");
        Files.writeString(folder.resolve(MetricsFile.NAME), line + old);
        Files.delete(folder.resolve(EventFile.NAME));
        try (MetricsFile metrics = open(bytes + old.length(), new LogPlace(2, false))) {
            metrics.flush();
        }
        assertEquals(List.of("1 {}", "2 {}"), untimed(read(folder)));
    }
}
