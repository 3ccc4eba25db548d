package org.transducer4j.asr.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.transducer4j.speech.BadInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A safetensors file of float32 tensors: 8 bytes little-endian length of the header, the header in JSON with names, shapes and offsets
 * and {@code __metadata__}, then the data. Every length is checked, so a file that was cut short is told from a whole
 * one. What is written here has a checksum among its texts, over header and data: a bit that flipped since is noticed.
 *
 * @param metadata texts by name
 * @param tensors by name, in the order of the file
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Entry> tensors) {
    private static final long LARGEST_HEADER = 100L << 20;
    private static final int PIECE = 1 << 26;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The text with the CRC-32C, in 8 hexadecimal digits, of the header with zeros in their place, and the data. */
    static final String CHECKSUM = "checksum";

    private static final String NO_CHECKSUM = "00000000";

    /**
     * A tensor.
     *
     * @param shape its dimensions
     * @param data float32, row-major, little-endian
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(long[] shape, MemorySegment data) {}

    /**
     * The same contents in memory of their own, whatever becomes of these.
     *
     * @return a copy
     */
    public SafeTensors copy() {
        Map<String, Entry> copies = new LinkedHashMap<>();
        tensors.forEach((name, entry) -> {
            MemorySegment data = Arena.ofAuto().allocate(entry.data().byteSize(), Float.BYTES);
            copies.put(name, new Entry(entry.shape().clone(), data.copyFrom(entry.data())));
        });
        return new SafeTensors(new LinkedHashMap<>(metadata), copies);
    }

    /**
     * Writes the file under another name beside it, forces it to the disk and moves it into place: after a crash at any moment there is
     * the old file or the new one, whole.
     *
     * @param file where to
     * @throws BadInputException if it can't be written
     */
    public void write(Path file) {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode texts = header.putObject("__metadata__");
        texts.put(CHECKSUM, NO_CHECKSUM);
        metadata.forEach((name, text) -> {
            if (!name.equals(CHECKSUM)) {
                texts.put(name, text);
            }
        });
        long offset = 0;
        for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
            ObjectNode node = header.putObject(tensor.getKey());
            node.put("dtype", "F32");
            ArrayNode shape = node.putArray("shape");
            for (long size : tensor.getValue().shape()) {
                shape.add(size);
            }
            long end = offset + tensor.getValue().data().byteSize();
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8; // data begins at a multiple of 8
        ByteBuffer front = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        front.putLong(padded).put(json);
        while (front.hasRemaining()) {
            front.put((byte) ' ');
        }
        CRC32C sum = new CRC32C();
        sum.update(front.array(), 8, padded);
        tensors.values().forEach(entry -> pieces(entry.data()).forEach(sum::update));
        int at = checksumAt(json);
        front.put(8 + at, hex(sum).getBytes(StandardCharsets.US_ASCII));
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(channel, front.flip());
                for (Entry entry : tensors.values()) {
                    for (ByteBuffer piece : pieces(entry.data())) {
                        writeAll(channel, piece);
                    }
                }
                channel.force(true);
            }
            try {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            }
            forceFolder(file.toAbsolutePath().resolveSibling(""));
        } catch (IOException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw BadInputException.unwritable(file, e);
        }
    }

    /** The data as bytes, some at a time: a buffer can't hold more than 2 GiB, and a float array on the heap has no view as bytes. */
    private static Iterable<ByteBuffer> pieces(MemorySegment data) {
        long count = Math.ceilDiv(data.byteSize(), (long) PIECE);
        return () -> LongStream.range(0, count)
                .mapToObj(i -> {
                    MemorySegment piece = data.asSlice(i * PIECE, Math.min(PIECE, data.byteSize() - i * PIECE));
                    return piece.isNative()
                            ? piece.asByteBuffer()
                            : ByteBuffer.wrap(piece.toArray(ValueLayout.JAVA_BYTE));
                })
                .iterator();
    }

    private static String hex(CRC32C sum) {
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** The new name is on the disk only when the folder is; not every system can open one. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Then the system writes it when it likes: the file is whole either way.
        }
    }

    /**
     * Reads a file; the data stay mapped as long as the tensors are used.
     *
     * @param file a safetensors file with float32 tensors
     * @return its contents
     * @throws BadInputException if it isn't one, or was cut short
     */
    public static SafeTensors read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 8) {
                throw new BadInputException(file + ": isn't a safetensors file: 8 bytes or more expected, got " + size);
            }
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
            long length = all.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
            if (length < 2 || length > LARGEST_HEADER) {
                throw new BadInputException(
                        file + ": isn't a safetensors file: its header can't have " + length + " bytes");
            }
            if (8 + length > size) {
                throw cut(file, "its header alone needs " + (8 + length), size);
            }
            byte[] json = all.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment data = all.asSlice(8 + length);
            SafeTensors contents = parse(file, JSON.readTree(new String(json, StandardCharsets.UTF_8)), aligned(data));
            String said = contents.metadata.remove(CHECKSUM);
            if (said != null) {
                check(file, said, json, data);
            }
            return contents;
        } catch (JacksonException e) {
            throw new BadInputException(file + ": isn't a safetensors file: its header is no JSON", e);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /** The format lets a header end anywhere; tensors want to begin at a multiple of 4. */
    private static MemorySegment aligned(MemorySegment data) {
        return data.address() % Float.BYTES == 0
                ? data
                : Arena.ofAuto().allocate(data.byteSize(), Float.BYTES).copyFrom(data);
    }

    private static void check(Path file, String said, byte[] header, MemorySegment data) {
        int at = checksumAt(header);
        CRC32C sum = new CRC32C();
        if (at >= 0) {
            System.arraycopy(NO_CHECKSUM.getBytes(StandardCharsets.US_ASCII), 0, header, at, NO_CHECKSUM.length());
            sum.update(header);
            pieces(data).forEach(sum::update);
        }
        if (!said.equals(hex(sum))) {
            throw new BadInputException(file + ": is damaged: its checksum is " + said + ", its contents have "
                    + hex(sum) + "; take another copy of it");
        }
    }

    /** Where the digits of the checksum stand in a header: it is the first text, so that no text can be mistaken for it; -1 if nowhere. */
    private static int checksumAt(byte[] header) {
        String front = "{\"__metadata__\":{\"" + CHECKSUM + "\":\"";
        int at = front.length();
        boolean found = header.length >= at + NO_CHECKSUM.length()
                && new String(header, 0, at, StandardCharsets.ISO_8859_1).equals(front);
        return found ? at : -1;
    }

    private static SafeTensors parse(Path file, JsonNode header, MemorySegment data) {
        if (!header.isObject()) {
            throw new BadInputException(file + ": isn't a safetensors file: its header is no JSON object");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> tensors = new LinkedHashMap<>();
        TreeMap<Long, Long> covered = new TreeMap<>();
        for (Map.Entry<String, JsonNode> property : header.properties()) {
            JsonNode node = property.getValue();
            if (property.getKey().equals("__metadata__")) {
                node.properties().forEach(text -> metadata.put(text.getKey(), text(file, text)));
                continue;
            }
            long from = whole(node.path("data_offsets").path(0));
            long to = whole(node.path("data_offsets").path(1));
            long[] shape = new long[node.path("shape").size()];
            long bytes = Float.BYTES;
            for (int i = 0; i < shape.length && bytes >= 0; i++) {
                shape[i] = whole(node.path("shape").path(i));
                long most = shape[i] == 0 ? Long.MAX_VALUE : Long.MAX_VALUE / shape[i];
                bytes = shape[i] < 0 || bytes > most ? -1 : bytes * shape[i];
            }
            boolean fits = bytes >= 0 && from >= 0 && to >= from && to - from == bytes && from % Float.BYTES == 0;
            if (!node.path("dtype").asString("").equals("F32")
                    || !node.path("shape").isArray()
                    || !fits) {
                throw new BadInputException(file + ": tensor " + property.getKey()
                        + " must be F32 with offsets that fit its shape, got " + node);
            }
            if (to > data.byteSize()) {
                throw cut(
                        file, "tensor " + property.getKey() + " ends at byte " + to + " of the data", data.byteSize());
            }
            if (bytes > 0 && covered.put(from, to) != null) {
                throw new BadInputException(file + ": two tensors begin at byte " + from + " of the data");
            }
            tensors.put(property.getKey(), new Entry(shape, data.asSlice(from, bytes)));
        }
        long expected = 0;
        for (Map.Entry<Long, Long> part : covered.entrySet()) {
            if (part.getKey() != expected) {
                throw new BadInputException(file + ": its tensors must lie one behind the other: one begins at byte "
                        + part.getKey() + " of the data, want " + expected);
            }
            expected = part.getValue();
        }
        if (expected != data.byteSize()) {
            throw new BadInputException(
                    file + ": holds " + data.byteSize() + " bytes of data, its header tells of " + expected);
        }
        return new SafeTensors(metadata, tensors);
    }

    private static String text(Path file, Map.Entry<String, JsonNode> text) {
        if (!text.getValue().isString()) {
            throw new BadInputException(file + ": isn't a safetensors file: " + text.getKey()
                    + " in __metadata__ must be a text, got " + text.getValue());
        }
        return text.getValue().asString();
    }

    /** A whole number, or -1. */
    private static long whole(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.asLong() : -1;
    }

    private static BadInputException cut(Path file, String needed, long found) {
        return new BadInputException(file + ": was cut short: " + needed + ", there are " + found + " bytes");
    }
}
