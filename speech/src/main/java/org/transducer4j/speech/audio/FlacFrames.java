package org.transducer4j.speech.audio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The frames of a FLAC file, decoded one at a time, each checked against its checksums. What it holds in memory is one frame and a window of the file. */
final class FlacFrames {
    /** What STREAMINFO's 24 bits for the size of a frame can say. */
    private static final int MOST_BYTES = 1 << 24;

    private static final int MOST_HEADER_BYTES = 16;

    /** A frame, its samples in {@link #block} until the next one is decoded. */
    record Frame(long position, long end, FlacFrameHeader header) {
        int size() {
            return header.blockSize();
        }
    }

    /** Why there is no frame at a place. */
    static final class Damage extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean ended;

        Damage(String what, boolean ended) {
            super(what, null, false, false);
            this.ended = ended;
        }

        /** Whether the file ends inside the frame. */
        boolean ended() {
            return ended;
        }
    }

    private final FlacStream stream;
    private final FileWindow bytes;
    private final long first;
    private long[][] block = new long[0][];
    private int usual = 1 << 12;

    /** {@code window}: how much of the file is read at a time, in bytes. */
    FlacFrames(Path file, FileChannel channel, FlacStream stream, int window) throws IOException {
        this.stream = stream;
        this.bytes = new FileWindow(channel, window);
        this.first = stream.firstFrame(file, bytes);
    }

    FlacStream stream() {
        return stream;
    }

    /** Where the first frame begins, in bytes. */
    long first() {
        return first;
    }

    /** The size of the file, in bytes. */
    long fileSize() {
        return bytes.size();
    }

    /** The samples of the last frame: channels x its size, or more. */
    long[][] block() {
        return block;
    }

    /** Decodes the frame at a place. */
    Frame at(long position) throws IOException, Damage {
        for (int wanted = usual; ; wanted *= 2) {
            int begin = bytes.at(position, wanted);
            try {
                Frame frame = decode(position, begin);
                usual = (int) Math.max(1 << 12, 2 * (frame.end - position));
                return frame;
            } catch (BitReader.Ended _) {
                if (bytes.reachesEnd()) {
                    throw new Damage("the file ends inside a frame", true);
                }
                if (wanted >= MOST_BYTES) {
                    throw new Damage("a frame of more than " + (MOST_BYTES >> 20) + " MiB", false);
                }
            }
        }
    }

    private Frame decode(long position, int begin) throws Damage {
        byte[] data = bytes.data();
        FlacFrameHeader header =
                FlacFrameHeader.read(data, begin, bytes.end(), stream.sampleRate(), stream.bitsPerSample());
        if (header == null) {
            throw new Damage("no valid frame header", false);
        }
        if (!isOfStream(header)) {
            throw new Damage("a frame of another format", false);
        }
        int size = header.blockSize();
        BitReader in = new BitReader(data, begin + header.bytes(), bytes.end());
        if (block.length != stream.channels() || block[0].length < size) {
            block = new long[stream.channels()][size];
        }
        for (int c = 0; c < stream.channels(); c++) {
            if (!FlacSubframe.read(in, block[c], size, stream.bitsPerSample() + header.extraBits(c))) {
                throw new Damage("a frame that can't be decoded", false);
            }
        }
        in.align();
        int end = in.position();
        int crc = in.bits(16);
        if (crc != FlacFrameHeader.crc16(data, begin, end)) {
            throw new Damage("a frame with a wrong checksum", false);
        }
        header.restoreChannels(block, size);
        return new Frame(position, position + (end + 2 - begin), header);
    }

    private boolean isOfStream(FlacFrameHeader header) {
        return header.channels() == stream.channels()
                && header.bitsPerSample() == stream.bitsPerSample()
                && header.sampleRate() == stream.sampleRate();
    }

    /**
     * Looks for the mark of a frame: its header must be of this stream and its checksum right.
     *
     * @param from first place where the frame may begin
     * @param to the place behind the last one
     * @return where it begins, or -1
     */
    long mark(long from, long to) throws IOException {
        long position = from;
        while (position < to) {
            int begin = bytes.at(position, 1 << 12);
            // A header may reach over the window's end: what begins there is looked at in the next one.
            int last = bytes.end() - (bytes.reachesEnd() ? 1 : MOST_HEADER_BYTES);
            int count = (int) Math.min(last - begin, to - position);
            if (count <= 0) {
                return -1;
            }
            byte[] data = bytes.data();
            for (int i = begin; i < begin + count; i++) {
                if (data[i] == (byte) 0xff && (data[i + 1] & 0xfe) == 0xf8 && hasHeader(data, i)) {
                    return position + (i - begin);
                }
            }
            position += count;
        }
        return -1;
    }

    private boolean hasHeader(byte[] data, int begin) {
        try {
            FlacFrameHeader header =
                    FlacFrameHeader.read(data, begin, bytes.end(), stream.sampleRate(), stream.bitsPerSample());
            return header != null && isOfStream(header);
        } catch (BitReader.Ended _) {
            return false;
        }
    }
}
