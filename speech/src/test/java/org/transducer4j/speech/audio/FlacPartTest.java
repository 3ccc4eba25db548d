package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.SharedData;

/** Parts of FLAC files: found by the numbers of their frames, in files of any length, with a stated total or not. */
class FlacPartTest {
    private static final int SAMPLES = 60_000;

    @TempDir
    Path folder;

    private static int[][] sound() {
        Random random = new Random(9);
        int[][] x = new int[2][SAMPLES];
        for (int[] channel : x) {
            for (int i = 0; i < SAMPLES; i++) {
                channel[i] = random.nextInt(1 << 16) - (1 << 15);
            }
        }
        return x;
    }

    private static byte[] flac(boolean variable) {
        return FlacWriter.write(sound(), 8000, 16, FlacWriter.Coding.VERBATIM, 1, true, variable);
    }

    /** Makes the header state another number of samples; 0 for none. */
    private static byte[] stating(byte[] flac, long samples) {
        byte[] other = flac.clone();
        other[21] = (byte) (other[21] & 0xf0 | (int) (samples >>> 32) & 0xf);
        for (int i = 0; i < 4; i++) {
            other[22 + i] = (byte) (samples >>> (24 - 8 * i));
        }
        return other;
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.flac"), bytes);
    }

    private static Audio part(Path file, long from, long to) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return FlacDecoder.part(file, channel, FlacStream.read(file, channel), from, to);
        }
    }

    @Test
    void anyPartIsThatOfTheWhole() throws IOException {
        Random random = new Random(4);
        for (boolean variable : new boolean[] {false, true}) {
            for (long stated : new long[] {SAMPLES, 0}) {
                Path file = file(stating(flac(variable), stated));
                float[] whole = AudioFiles.read(file).samples();
                assertEquals(SAMPLES, whole.length);
                for (int round = 0; round < 100; round++) {
                    int from = round == 0 ? 0 : random.nextInt(SAMPLES);
                    int to = round == 1 ? SAMPLES : from + 1 + random.nextInt(Math.min(1000, SAMPLES - from));
                    assertArrayEquals(
                            Arrays.copyOfRange(whole, from, to),
                            part(file, from, to).samples(),
                            from + " to " + to);
                }
            }
        }
    }

    @Test
    void lengthThatTheHeaderDoesNotState() throws IOException {
        for (boolean variable : new boolean[] {false, true}) {
            byte[] unstated = stating(flac(variable), 0);
            Path file = file(unstated);
            assertEquals(new AudioInfo(8000, 2, SAMPLES), AudioFiles.info(file));
            assertEquals(800, AudioFiles.read(file, 7.4, 0.1).samples().length);
            String message = assertThrows(BadInputException.class, () -> AudioFiles.read(file, 7.4, 0.2))
                    .getMessage();
            assertTrue(message.startsWith(file + ": ") && message.contains("it is 7.5"), message);
            file(Arrays.copyOf(unstated, unstated.length - 100));
            assertTrue(assertThrows(BadInputException.class, () -> AudioFiles.info(file))
                    .getMessage()
                    .contains(": is a FLAC file cut short: it ends after"));
        }
        byte[] none = FlacWriter.write(new int[1][0], 8000, 16, FlacWriter.Coding.VERBATIM, 0, false);
        assertEquals(new AudioInfo(8000, 1, 0), AudioFiles.info(file(none)));
    }

    /** Files of old encoders have blocks of any size that are numbered as if they were alike: their numbers lead nowhere. */
    @Test
    void numbersThatLeadNowhere() throws IOException {
        byte[] odd = flac(false);
        odd[9] = 100; // the least block size
        for (long stated : new long[] {SAMPLES, 0}) {
            Path file = file(stating(odd, stated));
            assertEquals(SAMPLES, AudioFiles.info(file).samples());
            float[] whole = AudioFiles.read(file).samples();
            assertArrayEquals(
                    Arrays.copyOfRange(whole, 50_000, 50_100),
                    part(file, 50_000, 50_100).samples());
        }
    }

    @Test
    void aHeaderThatPromisesTooMuch() throws IOException {
        long most = (1L << 36) - 1;
        Path file = file(stating(flac(false), most));
        assertEquals(most, AudioFiles.info(file).samples());
        // What is there can be had, as many samples as a header may promise.
        float[] whole = AudioFiles.read(file(flac(false))).samples();
        file(stating(flac(false), most));
        assertArrayEquals(
                Arrays.copyOfRange(whole, 8000, 16_000),
                AudioFiles.read(file, 1, 1).samples());
        for (AudioPart part : new AudioPart[] {AudioPart.WHOLE, new AudioPart(7, 1), new AudioPart(5, 1e6)}) {
            String message = assertThrows(BadInputException.class, () -> AudioFiles.read(file, part))
                    .getMessage();
            assertEquals(
                    file + ": is a FLAC file cut short: it ends after " + SAMPLES + " samples; its header promises "
                            + most,
                    message);
        }
    }

    @Test
    void damageInThePartIsFound() throws IOException {
        byte[] good = flac(true);
        Path file = file(good);
        float[] want = part(file, 30_000, 31_000).samples();
        int found = 0;
        Random random = new Random(6);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = good.clone();
            damaged[100 + random.nextInt(good.length - 100)] ^= (byte) (1 << random.nextInt(8));
            file(damaged);
            try {
                assertArrayEquals(want, part(file, 30_000, 31_000).samples());
            } catch (BadInputException e) {
                assertTrue(e.getMessage().startsWith(file + ": is a damaged FLAC file"), e.getMessage());
                found++;
            }
        }
        assertTrue(found > 2, found + " of 300 hit it");
    }

    @Test
    void secondsOfSilenceThatFillsTheHeap() throws IOException {
        Path file = SharedData.need("faults/silence-164-million-samples.flac");
        AudioInfo info = AudioFiles.info(file);
        assertTrue(info.samples() > 160_000_000, info.toString());
        int rate = info.sampleRate();
        float[] want = new float[rate];
        Arrays.fill(want, 1 / 32768f);
        double length = (double) info.samples() / rate;
        for (double offset : new double[] {0, 1, length / 2, length - 1}) {
            long begin = System.nanoTime();
            assertArrayEquals(want, AudioFiles.read(file, offset, 1).samples());
            assertTrue(System.nanoTime() - begin < 2e9, "no more than the part is decoded");
        }
        if (SampleMemory.most() < info.samples()) {
            String message = assertThrows(BadInputException.class, () -> AudioFiles.read(file))
                    .getMessage();
            assertTrue(message.startsWith(file + ": " + info.samples() + " samples"), message);
        }
    }

    @Test
    void manyClipsOfOneFileAreDecodedOnce() throws IOException {
        Path file = file(stating(flac(false), 0));
        float[] first = AudioFiles.read(file, 1, 1).samples();
        // The same time and size, other content: what is kept answers.
        var modified = Files.getLastModifiedTime(file);
        byte[] other = stating(flac(false), 0);
        other[20_000] ^= 1;
        file(other);
        Files.setLastModifiedTime(file, modified);
        assertArrayEquals(first, AudioFiles.read(file, 1, 1).samples());
        Path copy = Files.write(folder.resolve("b.flac"), other);
        assertThrows(BadInputException.class, () -> AudioFiles.read(copy, 1, 1), "decoded anew it is refused");
        // What is kept isn't given away: others can't change it.
        Arrays.fill(AudioFiles.read(file, 1, 1).samples(), 7f);
        assertArrayEquals(first, AudioFiles.read(file, 1, 1).samples());
    }
}
