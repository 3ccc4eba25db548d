package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A stretch of a file in memory that moves along as it is read. */
final class FileWindow {
    private final FileChannel channel;
    private final int least;
    private final long size;
    private byte[] data = new byte[0];
    private long begin;
    private int length;

    /** {@code least}: how many bytes are read at least, where there are as many. */
    FileWindow(FileChannel channel, int least) throws IOException {
        this.channel = channel;
        this.least = least;
        this.size = channel.size();
    }

    long size() {
        return size;
    }

    byte[] data() {
        return data;
    }

    /** Where the bytes in {@link #data} end. */
    int end() {
        return length;
    }

    /** Whether the window reaches to the end of the file. */
    boolean reachesEnd() {
        return begin + length >= size;
    }

    /**
     * Moves the window so that it holds so many bytes from a place on, or all that the file has there.
     *
     * @return where the place is in {@link #data}; {@link #end} where it lies behind the end of the file
     */
    int at(long position, int count) throws IOException {
        long there = Math.max(0, Math.min(count, size - position));
        if (position < begin || position + there > begin + length) {
            move(position, (int) there);
        }
        return (int) Math.min(position - begin, length);
    }

    private void move(long position, int count) throws IOException {
        int room = (int) Math.min(Math.max(count, least), size - position);
        byte[] next = data.length >= room ? data : new byte[room];
        long kept = begin + length - position;
        int filled = 0;
        if (position >= begin && kept > 0) {
            filled = (int) kept;
            System.arraycopy(data, (int) (position - begin), next, 0, filled);
        }
        data = next;
        begin = position;
        length = filled;
        while (length < room) {
            int got = channel.read(ByteBuffer.wrap(data, length, room - length), position + length);
            if (got < 0) {
                break; // it was cut while it was read
            }
            length += got;
        }
    }
}
