package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jflac.FLACDecoder;
import org.jflac.frame.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.SharedData;

class FlacTest {
    @TempDir
    Path folder;

    @Test
    void sameSamplesAsJflac() throws Exception {
        Path arctic = SharedData.need("arctic/audio");
        List<Path> files;
        try (Stream<Path> all = Files.list(arctic)) {
            files = all.sorted().limit(5).toList();
        }
        assertFalse(files.isEmpty());
        for (Path file : files) {
            compareWithJflac(file);
        }
        compareWithJflac(SharedData.need("fsdd/nicolas.flac"));
    }

    private static void compareWithJflac(Path file) throws Exception {
        Audio ours = AudioFiles.read(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            FLACDecoder decoder = new FLACDecoder(in);
            decoder.readMetadata();
            int at = 0;
            for (Frame frame = decoder.readNextFrame(); frame != null; frame = decoder.readNextFrame()) {
                int[] theirs = decoder.getChannelData()[0].getOutput();
                for (int i = 0; i < frame.header.blockSize; i++) {
                    assertEquals(theirs[i] / 32768f, ours.samples()[at++], file + " sample " + at);
                }
            }
            assertEquals(ours.samples().length, at);
            assertEquals(1, decoder.getStreamInfo().getChannels());
            assertEquals(decoder.getStreamInfo().getSampleRate(), ours.sampleRate());
        }
    }

    private static int[][] noise(int channels, int samples, int depth, int multiple) {
        Random random = new Random(5);
        int[][] x = new int[channels][samples];
        long half = 1L << (depth - 1);
        for (int[] channel : x) {
            for (int i = 0; i < samples; i++) {
                channel[i] = (int) (Math.floorDiv(random.nextLong(2 * half) - half, multiple) * multiple);
            }
        }
        return x;
    }

    private static int[][] smooth(int channels, int samples, int depth) {
        int[][] x = new int[channels][samples];
        double top = (1L << (depth - 1)) - 1;
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < samples; i++) {
                x[c][i] = (int) (top * (0.7 * Math.sin(0.02 * i * (c + 1)) + 0.2 * Math.sin(0.3 * i)));
            }
        }
        return x;
    }

    private void roundTrip(int[][] x, int depth, FlacWriter.Coding coding, int assignment) throws Exception {
        Path file = folder.resolve("a.flac");
        Files.write(file, FlacWriter.write(x, 11025, depth, coding, assignment, true));
        Audio audio = AudioFiles.read(file);
        assertEquals(11025, audio.sampleRate());
        assertEquals(x[0].length, audio.samples().length);
        for (int i = 0; i < x[0].length; i++) {
            double mean = 0;
            for (int[] channel : x) {
                mean += (double) channel[i] / x.length;
            }
            assertEquals((float) (mean / (1L << (depth - 1))), audio.samples()[i], 1e-7f, "sample " + i);
        }
    }

    @Test
    void everySubframeDepthAndStereoMode() throws Exception {
        for (int depth : new int[] {8, 12, 16, 20, 24, 32}) {
            roundTrip(noise(1, 500, depth, 1), depth, FlacWriter.Coding.VERBATIM, 0);
            roundTrip(noise(3, 200, depth, 4), depth, FlacWriter.Coding.WASTED, 2);
        }
        for (int depth : new int[] {8, 16, 24}) {
            for (int assignment : new int[] {1, 8, 9, 10}) {
                roundTrip(noise(2, 400, depth, 1), depth, FlacWriter.Coding.VERBATIM, assignment);
                roundTrip(noise(2, 400, depth, 1), depth, FlacWriter.Coding.FIXED1_ESCAPE, assignment);
            }
        }
        for (int assignment : new int[] {1, 8, 9, 10}) {
            roundTrip(smooth(2, 400, 16), 16, FlacWriter.Coding.FIXED2_RICE, assignment);
            roundTrip(smooth(2, 400, 16), 16, FlacWriter.Coding.LPC2, assignment);
        }
        int[][] constant = new int[1][300];
        Arrays.fill(constant[0], -77);
        roundTrip(constant, 16, FlacWriter.Coding.CONSTANT, 0);
    }

    @Test
    void id3InFront() throws Exception {
        byte[] flac = FlacWriter.write(smooth(1, 300, 16), 8000, 16, FlacWriter.Coding.LPC2, 0, true);
        byte[] tagged = new byte[flac.length + 30];
        System.arraycopy(new byte[] {'I', 'D', '3', 4, 0, 0, 0, 0, 0, 20}, 0, tagged, 0, 10);
        System.arraycopy(flac, 0, tagged, 30, flac.length);
        Path file = Files.write(folder.resolve("tagged.flac"), tagged);
        assertEquals(300, AudioFiles.read(file).samples().length);
        assertEquals(new AudioInfo(8000, 1, 300), AudioFiles.info(file));
    }

    private String refused(byte[] bytes) throws Exception {
        Path file = Files.write(folder.resolve("bad.flac"), bytes);
        String message = assertThrows(BadInputException.class, () -> AudioFiles.read(file))
                .getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        // Neither is a part of it trusted, even one that lies before the damage.
        assertThrows(BadInputException.class, () -> AudioFiles.read(file, 0.001, 0.002));
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void cutAnywhere() throws Exception {
        byte[] whole = FlacWriter.write(smooth(1, 1000, 16), 8000, 16, FlacWriter.Coding.LPC2, 0, true);
        for (int length = 4; length < whole.length; length += 7) {
            String message = refused(Arrays.copyOf(whole, length));
            assertTrue(message.contains("cut short"), message);
        }
        String message = refused(Arrays.copyOf(whole, whole.length / 2));
        assertTrue(message.contains("its header promises 1000"), message);
        // At a frame's end too, and where there is no MD5 sum.
        byte[] bare = FlacWriter.write(smooth(1, 192, 16), 8000, 16, FlacWriter.Coding.LPC2, 0, false);
        byte[] two = FlacWriter.write(smooth(1, 384, 16), 8000, 16, FlacWriter.Coding.LPC2, 0, false);
        assertTrue(refused(Arrays.copyOf(two, bare.length)).contains("ends after 192 samples"));
    }

    @Test
    void anyFlippedBitIsFound() throws Exception {
        byte[] whole = FlacWriter.write(smooth(2, 500, 16), 8000, 16, FlacWriter.Coding.LPC2, 10, true);
        for (int at = 42; at < whole.length; at += 5) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            refused(damaged);
        }
        byte[] otherSum = whole.clone();
        otherSum[30] ^= 1;
        assertTrue(refused(otherSum).contains("MD5"));
    }

    @Test
    void noSamples() throws Exception {
        byte[] none = FlacWriter.write(new int[1][0], 8000, 16, FlacWriter.Coding.VERBATIM, 0, false);
        assertTrue(refused(none).contains("holds no samples"));
    }

    @Test
    void nothingIsPrinted() throws Exception {
        java.io.ByteArrayOutputStream caught = new java.io.ByteArrayOutputStream();
        java.io.PrintStream out = System.out;
        java.io.PrintStream err = System.err;
        try (java.io.PrintStream stream = new java.io.PrintStream(caught, true)) {
            System.setOut(stream);
            System.setErr(stream);
            roundTrip(noise(2, 400, 16, 1), 16, FlacWriter.Coding.FIXED1_ESCAPE, 1);
            byte[] whole = FlacWriter.write(smooth(1, 1000, 16), 8000, 16, FlacWriter.Coding.LPC2, 0, true);
            refused(Arrays.copyOf(whole, 600));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertEquals("", caught.toString());
    }
}
