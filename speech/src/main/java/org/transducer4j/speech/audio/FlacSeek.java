package org.transducer4j.speech.audio;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds places in a FLAC file by the numbers of its frames, without decoding what lies between. A frame's number is believed
 * where both of its checksums are right.
 */
final class FlacSeek {
    /** A last frame begins so many bytes before the end at the most: its own 16 MiB, and what may be written behind it. */
    private static final long MOST_FROM_END = 1 << 25;

    private static final int FIRST_FROM_END = 1 << 15;
    private static final int NEAR = 1 << 15;

    /** Marks that turn out not to be those of frames, before the search is given up: by chance there is one in a gigabyte. */
    private static final int MOST_WRONG = 64;

    private final FlacFrames frames;
    private int wrong;

    FlacSeek(FlacFrames frames) {
        this.frames = frames;
    }

    /**
     * How many samples there are by the numbers of the first and the last frame.
     *
     * @return samples a channel; -1 where the numbers don't say, or the file doesn't end with a frame
     */
    long samples() throws IOException {
        FlacFrames.Frame first = first();
        if (first == null || number(first) < 0) {
            return -1;
        }
        for (long reach = FIRST_FROM_END; reach <= MOST_FROM_END; reach *= 2) {
            long from = Math.max(frames.first(), frames.fileSize() - reach);
            FlacFrames.Frame frame = find(from, frames.fileSize());
            if (frame != null) {
                FlacFrames.Frame last = lastOf(frame);
                long count = last == null ? -1 : number(last) + last.size() - number(first);
                return count > 0 ? count : -1;
            }
            if (from == frames.first()) {
                break;
            }
        }
        return -1;
    }

    private FlacFrames.@Nullable Frame lastOf(FlacFrames.Frame frame) throws IOException {
        FlacFrames.Frame last = frame;
        while (last.end() < frames.fileSize()) {
            FlacFrames.Frame next = decoded(last.end());
            if (next == null || number(next) != number(last) + last.size()) {
                return null;
            }
            last = next;
        }
        return last;
    }

    /**
     * Finds a frame that begins at a sample or not far before it.
     *
     * @param sample from 0
     * @return the frame; null where the numbers lead nowhere
     */
    FlacFrames.@Nullable Frame before(long sample) throws IOException {
        FlacFrames.Frame best = first();
        if (best == null || number(best) < 0) {
            return null;
        }
        long base = number(best);
        long to = frames.fileSize();
        while (base + sample >= number(best) + best.size() && to - best.end() > NEAR) {
            long middle = best.end() + (to - best.end()) / 2;
            FlacFrames.Frame found = find(middle, to);
            if (wrong > MOST_WRONG) {
                return null;
            }
            if (found != null && number(found) <= base + sample) {
                if (number(found) < number(best) + best.size()) {
                    return null; // numbers that don't rise
                }
                best = found;
            } else {
                to = middle;
            }
        }
        return best;
    }

    /** The sample at which a frame begins, counted from that of the stream; -1 where its number doesn't say. */
    long number(FlacFrames.Frame frame) {
        FlacFrameHeader header = frame.header();
        int blockSize = frames.stream().blockSize();
        if (header.numbersSamples()) {
            return header.number();
        }
        // Old encoders have blocks of any size and number them as if they were all alike.
        return blockSize == 0 || header.blockSize() > blockSize ? -1 : header.number() * blockSize;
    }

    private FlacFrames.@Nullable Frame first() throws IOException {
        return decoded(frames.first());
    }

    private FlacFrames.@Nullable Frame find(long from, long to) throws IOException {
        long position = from;
        while (wrong <= MOST_WRONG) {
            position = frames.mark(position, to);
            if (position < 0) {
                return null;
            }
            FlacFrames.Frame frame = decoded(position);
            if (frame != null && number(frame) >= 0) {
                return frame;
            }
            wrong++;
            position++;
        }
        return null;
    }

    private FlacFrames.@Nullable Frame decoded(long position) throws IOException {
        try {
            return frames.at(position);
        } catch (FlacFrames.Damage _) {
            return null;
        }
    }
}
