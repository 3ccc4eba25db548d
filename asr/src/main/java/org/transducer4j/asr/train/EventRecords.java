package org.transducer4j.asr.train;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of an event file belongs to a run that stands at a certain place.
 *
 * @param version the record that states the version; null if it is missing
 * @param events the other records, whole, by their places
 * @param rest what is left of a file that isn't what the run wrote; empty for one that is
 */
@SuppressWarnings("ArrayRecordComponent")
record EventRecords(byte @Nullable [] version, TreeMap<LogPlace, byte[]> events, byte[] rest) {
    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

    /**
     * Reads what a file holds.
     *
     * @param file its bytes
     * @param end the last place that is kept; what lies behind it is no damage
     */
    static EventRecords of(byte[] file, LogPlace end) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        byte[] version = null;
        TreeMap<LogPlace, byte[]> events = new TreeMap<>();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        LogPlace last = LogPlace.BEGINNING;
        int at = 0;
        while (at < file.length && (version == null || last.compareTo(end) < 0)) {
            int next = next(in, at);
            if (next < 0) {
                break;
            }
            byte[] data = Arrays.copyOfRange(file, at + HEADER_BYTES, next - Integer.BYTES);
            byte[] record = Arrays.copyOfRange(file, at, next);
            LogPlace place = EventFile.maskedCrc(data) == in.getInt(next - Integer.BYTES) ? place(data) : null;
            if (place != null && version == null && place.equals(LogPlace.BEGINNING)) {
                version = record;
            } else if (place != null && place.compareTo(last) > 0 && place.compareTo(end) <= 0) {
                events.put(place, record);
                last = place;
            } else {
                rest.writeBytes(record);
            }
            at = next;
        }
        if (version == null || last.compareTo(end) < 0) {
            rest.write(file, at, file.length - at);
        }
        return new EventRecords(version, events, rest.toByteArray());
    }

    /** Where the record that begins here ends; -1 if that can't be told. */
    private static int next(ByteBuffer in, int at) {
        if (in.capacity() - at < HEADER_BYTES + Integer.BYTES) {
            return -1;
        }
        byte[] length = new byte[Long.BYTES];
        in.get(at, length);
        long data = in.getLong(at);
        boolean sound = EventFile.maskedCrc(length) == in.getInt(at + Long.BYTES)
                && data >= 0
                && data <= in.capacity() - at - HEADER_BYTES - Integer.BYTES;
        return sound ? at + HEADER_BYTES + (int) data + Integer.BYTES : -1;
    }

    /** The place of an event, that of the version the beginning; null if it is none of ours. */
    private static @Nullable LogPlace place(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        long step = 0;
        boolean epoch = false;
        try {
            while (in.hasRemaining()) {
                switch ((int) number(in)) {
                    case (1 << 3) | 1 -> in.getLong(); // wall_time
                    case 2 << 3 -> step = number(in);
                    case (3 << 3) | 2 -> take(in); // file_version
                    // Every batch has a rate at least.
                    case (5 << 3) | 2 -> epoch = !take(in).contains("train/");
                    default -> {
                        return null;
                    }
                }
            }
        } catch (BufferUnderflowException e) {
            return null;
        }
        return new LogPlace(step, epoch);
    }

    private static String take(ByteBuffer in) {
        long length = number(in);
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new BufferUnderflowException();
    }
}
