package org.transducer4j.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A raw little-endian file of numbers, mapped.
 *
 * @param file where it lies
 * @param data its bytes
 * @param type type of its elements
 * @param length number of elements
 */
record RawArray(Path file, MemorySegment data, Type type, long length) {
    private static final ValueLayout.OfFloat F4 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F8 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I4 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I8 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What labels and lengths may be. */
    static final List<Type> INTEGERS = List.of(Type.INT32, Type.INT64);

    /** What references may be. */
    static final List<Type> FLOATS = List.of(Type.FLOAT32, Type.FLOAT64);

    /** Type of an element. */
    enum Type {
        FLOAT32(4),
        FLOAT64(8),
        INT32(4),
        INT64(8);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        boolean isFloat() {
            return this == FLOAT32 || this == FLOAT64;
        }

        /** The type of a name: as numpy writes it in full or short, or as the file's ending. */
        static Optional<Type> of(String name) {
            return switch (name) {
                case "float32", "<f4", "f4" -> Optional.of(FLOAT32);
                case "float64", "<f8", "f8" -> Optional.of(FLOAT64);
                case "int32", "<i4", "i4" -> Optional.of(INT32);
                case "int64", "<i8", "i8" -> Optional.of(INT64);
                default -> Optional.empty();
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Maps a file.
     *
     * @param arena owner of the mapping
     * @param shape how the expected size came about, for the message
     * @throws BadCaseException if it isn't there or has another size
     */
    static RawArray map(Arena arena, Path file, Type type, long length, String shape) {
        if (!Files.exists(file)) {
            throw new BadCaseException(file + ": no such file, though case.json names it");
        }
        if (!Files.isRegularFile(file)) {
            throw new BadCaseException(file + ": is no file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long expected = Math.multiplyExact(length, (long) type.bytes);
            if (channel.size() != expected) {
                throw new BadCaseException("%s: has %d bytes, expected %d: %s of %s"
                        .formatted(file, channel.size(), expected, shape, type));
            }
            MemorySegment data = expected == 0
                    ? MemorySegment.ofArray(new byte[0])
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, expected, arena);
            return new RawArray(file, data, type, length);
        } catch (IOException e) {
            throw new BadCaseException(file + ": can't be read: " + e.getMessage());
        }
    }

    /** An element of any type. */
    double get(long index) {
        return switch (type) {
            case FLOAT32 -> data.get(F4, index * 4);
            case FLOAT64 -> data.get(F8, index * 8);
            case INT32 -> data.get(I4, index * 4);
            case INT64 -> data.get(I8, index * 8);
        };
    }

    /** An element of an integer type. */
    long getInteger(long index) {
        return type == Type.INT64 ? data.get(I8, index * 8) : data.get(I4, index * 4);
    }

    /** The float32 elements in native byte order: the mapping itself where that is its order. */
    MemorySegment nativeFloats(Arena arena) {
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            return data;
        }
        MemorySegment copy = arena.allocate(data.byteSize(), Float.BYTES);
        MemorySegment.copy(data, F4, 0, copy, ValueLayout.JAVA_FLOAT, 0, length);
        return copy;
    }
}
