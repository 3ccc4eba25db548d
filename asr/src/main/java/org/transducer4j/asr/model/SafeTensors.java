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
import java.util.LinkedHashMap;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A safetensors file of float32 tensors: 8 bytes little-endian length of the header, the header in JSON with names, shapes and offsets
 * and {@code __metadata__}, then the data. Every length is checked, so a file that was cut short is told from a whole
 * one.
 *
 * @param metadata texts by name
 * @param tensors by name, in the order of the file
 */
public record SafeTensors(Map<String, String> metadata, Map<String, Entry> tensors) {
    private static final long LARGEST_HEADER = 100L << 20;
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * A tensor.
     *
     * @param shape its dimensions
     * @param data float32, row-major, little-endian
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(long[] shape, MemorySegment data) {}

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
        metadata.forEach(texts::put);
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
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(channel, front.flip());
                for (Entry entry : tensors.values()) {
                    for (long at = 0; at < entry.data().byteSize(); at += 1 << 26) {
                        long length = Math.min(1 << 26, entry.data().byteSize() - at);
                        writeAll(channel, bytes(entry.data().asSlice(at, length)));
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

    /** A float array on the heap has no view as bytes. */
    private static ByteBuffer bytes(MemorySegment data) {
        return data.isNative() ? data.asByteBuffer() : ByteBuffer.wrap(data.toArray(ValueLayout.JAVA_BYTE));
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
            String json = new String(all.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            return parse(file, JSON.readTree(json), all.asSlice(8 + length));
        } catch (JacksonException e) {
            throw new BadInputException(file + ": isn't a safetensors file: its header is no JSON", e);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    private static SafeTensors parse(Path file, JsonNode header, MemorySegment data) {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> tensors = new LinkedHashMap<>();
        long expected = 0;
        for (Map.Entry<String, JsonNode> property : header.properties()) {
            JsonNode node = property.getValue();
            if (property.getKey().equals("__metadata__")) {
                node.properties()
                        .forEach(text ->
                                metadata.put(text.getKey(), text.getValue().asString()));
                continue;
            }
            JsonNode offsets = node.path("data_offsets");
            long from = offsets.path(0).asLong(-1);
            long to = offsets.path(1).asLong(-1);
            long[] shape = new long[node.path("shape").size()];
            long bytes = Float.BYTES;
            for (int i = 0; i < shape.length; i++) {
                shape[i] = node.path("shape").path(i).asLong(-1);
                bytes *= shape[i];
            }
            if (!node.path("dtype").asString("").equals("F32") || from < 0 || to - from != bytes) {
                throw new BadInputException(file + ": tensor " + property.getKey()
                        + " must be F32 with offsets that fit its shape, got " + node);
            }
            if (to > data.byteSize()) {
                throw cut(
                        file, "tensor " + property.getKey() + " ends at byte " + to + " of the data", data.byteSize());
            }
            expected = Math.max(expected, to);
            tensors.put(property.getKey(), new Entry(shape, data.asSlice(from, bytes)));
        }
        if (expected != data.byteSize()) {
            throw new BadInputException(
                    file + ": holds " + data.byteSize() + " bytes of data, its header tells of " + expected);
        }
        return new SafeTensors(metadata, tensors);
    }

    private static BadInputException cut(Path file, String needed, long found) {
        return new BadInputException(file + ": was cut short: " + needed + ", there are " + found + " bytes");
    }
}
