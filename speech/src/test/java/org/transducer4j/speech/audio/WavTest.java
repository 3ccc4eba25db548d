package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;

/** What is in WAV headers: placeholders for sizes, 64-bit sizes, G.711, and sizes that lie. */
class WavTest {
    private static final byte[] NO_BYTES = {};

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static byte[] ints(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putInt((int) value);
        }
        return bytes.array();
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            bytes.putLong(value);
        }
        return bytes.array();
    }

    private static byte[] format(int tag, int channels, int rate, int bits) {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        int align = channels * bits / 8;
        bytes.putShort((short) tag).putShort((short) channels).putInt(rate).putInt(rate * align);
        return bytes.putShort((short) align).putShort((short) bits).array();
    }

    private void begin(String magic) {
        out.reset();
        out.writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(ints(-1));
        out.writeBytes("WAVE".getBytes(StandardCharsets.US_ASCII));
    }

    private void chunk(String id, long statedSize, byte[] content) {
        out.writeBytes(id.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(ints(statedSize));
        out.writeBytes(content);
    }

    private Path file() throws IOException {
        return Files.write(folder.resolve("a.wav"), out.toByteArray());
    }

    private String refused() throws IOException {
        Path file = file();
        String message = assertThrows(BadInputException.class, () -> AudioFiles.read(file))
                .getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static byte[] ramp(int samples) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            bytes.putShort((short) (i * 100 + 7));
        }
        return bytes.array();
    }

    private void streamed(int channels, long statedSize, byte[] data) {
        begin("RIFF");
        chunk("fmt ", 16, format(1, channels, 8000, 16));
        chunk("data", statedSize, data);
    }

    @Test
    void placeholdersStandForAllThatIsThere() throws IOException {
        long[] placeholders = {
            0,
            0x7ffff000L,
            0x7fffffffL,
            0x7ffffffeL,
            0x80000000L,
            0x80000001L,
            0xffffffffL,
            0xfffffffeL,
            0xffffffdbL,
            0xffffff00L
        };
        for (long placeholder : placeholders) {
            streamed(1, placeholder, ramp(50));
            Path file = file();
            assertEquals(new AudioInfo(8000, 1, 50), AudioFiles.info(file), Long.toHexString(placeholder));
            Audio audio = AudioFiles.read(file);
            assertEquals(50, audio.samples().length, Long.toHexString(placeholder));
            assertEquals(4907 / 32768f, audio.samples()[49]);
            assertEquals(2, AudioFiles.read(file, 0.001, 0.00025).samples().length);
        }
        // sox rounds down to whole frames.
        for (int channels : new int[] {3, 5, 7}) {
            streamed(channels, 0x7ffff000L / (2 * channels) * (2 * channels), ramp(10 * channels + 1));
            assertEquals(10, AudioFiles.read(file()).samples().length, channels + " channels");
        }
    }

    @Test
    void aPlausibleSizeIsAPromise() throws IOException {
        for (long size : new long[] {102, 20_000, 0x7fff0000L, 0x7fffef00L}) {
            streamed(1, size, ramp(50));
            String message = refused();
            assertTrue(message.contains("promises " + size / 2 + " samples, it holds 50"), message);
        }
    }

    @Test
    void whatFollowsTheSoundIsNoSound() throws IOException {
        // An empty file with a remark, a size of 0 that is meant.
        streamed(1, 0, NO_BYTES);
        chunk("LIST", 4, new byte[4]);
        assertTrue(refused().contains("holds no samples"));
        // And one whose header was never finished.
        streamed(1, 0, new byte[16]);
        assertEquals(8, AudioFiles.read(file()).samples().length);
        streamed(1, 40, ramp(20));
        chunk("LIST", 4, new byte[4]);
        assertEquals(20, AudioFiles.read(file()).samples().length);
    }

    @Test
    void sizesOf64Bits() throws IOException {
        for (String magic : new String[] {"RF64", "BW64"}) {
            begin(magic);
            chunk("ds64", 40, longs(0, 100, 50));
            out.writeBytes(ints(1));
            out.writeBytes("levl".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(longs(6));
            chunk("fmt ", 16, format(1, 1, 16000, 16));
            chunk("levl", 0xffffffffL, new byte[6]); // its size is in the table of ds64
            chunk("data", 0xffffffffL, ramp(50));
            chunk("LIST", 4, new byte[4]);
            Path file = file();
            assertEquals(new AudioInfo(16000, 1, 50), AudioFiles.info(file));
            assertEquals(4907 / 32768f, AudioFiles.read(file).samples()[49]);
        }
    }

    @Test
    void sizesOf64BitsThatAreWrong() throws IOException {
        rf64(120);
        assertTrue(refused().contains("promises 60 samples, it holds 50"));
        rf64(1L << 40);
        assertTrue(refused().contains("promises " + (1L << 39) + " samples, it holds 50"));
        // What a writer leaves that never came back.
        for (long size : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            rf64(size);
            assertEquals(50, AudioFiles.read(file()).samples().length, "" + size);
        }
        begin("RF64");
        chunk("ds64", 8, longs(0));
        assertTrue(refused().contains("ds64 chunk has 8 bytes"));
        begin("RF64");
        chunk("ds64", 0xfffffff0L, longs(0));
        assertTrue(refused().contains("cut short inside its ds64 chunk"));
        begin("RF64");
        chunk("ds64", 40, longs(0, 0, 0));
        out.writeBytes(ints(1));
        out.writeBytes("junk".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(longs(Long.MAX_VALUE));
        chunk("junk", 0xffffffffL, NO_BYTES);
        assertTrue(refused().contains("cut short"));
    }

    private void rf64(long size) {
        begin("RF64");
        chunk("ds64", 28, longs(0, size, 0));
        out.writeBytes(ints(0));
        chunk("fmt ", 16, format(1, 1, 16000, 16));
        chunk("data", 0xffffffffL, ramp(50));
    }

    @Test
    void g711() throws IOException {
        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) i;
        }
        float[] a = law(6, codes);
        float[] mu = law(7, codes);
        // ITU-T G.711: the ends and the middle of each table, in 16 bits.
        assertEquals(32256 / 32768f, a[0xaa]);
        assertEquals(-32256 / 32768f, a[0x2a]);
        assertEquals(8 / 32768f, a[0xd5]);
        assertEquals(-8 / 32768f, a[0x55]);
        assertEquals(-5504 / 32768f, a[0]);
        assertEquals(32124 / 32768f, mu[0x80]);
        assertEquals(-32124 / 32768f, mu[0]);
        assertEquals(0, mu[0xff]);
        assertEquals(0, mu[0x7f]);
        assertEquals(8 / 32768f, mu[0xfe]);
        for (float[] table : new float[][] {a, mu}) {
            for (int i = 0; i < 128; i++) {
                assertEquals(0, table[i] + table[i + 128], "signs are symmetric");
            }
        }
        // In WAVE_FORMAT_EXTENSIBLE too.
        ByteBuffer fmt = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        fmt.put(format(0xfffe, 1, 8000, 8))
                .putShort((short) 22)
                .putShort((short) 8)
                .putInt(4)
                .putShort((short) 6);
        begin("RIFF");
        chunk("fmt ", 40, fmt.array());
        chunk("data", 256, codes);
        assertArrayEquals(a, AudioFiles.read(file()).samples());
    }

    private float[] law(int tag, byte[] codes) throws IOException {
        begin("RIFF");
        byte[] fmt = Arrays.copyOf(format(tag, 1, 8000, 8), 18);
        chunk("fmt ", 18, fmt);
        chunk("fact", 4, ints(256));
        chunk("data", 256, codes);
        return AudioFiles.read(file()).samples();
    }

    @Test
    void numbersThatMakeNoSense() throws IOException {
        for (int rate : new int[] {0, 1, 999, 2_000_000_000, -1}) {
            begin("RIFF");
            chunk("fmt ", 16, format(1, 1, rate, 16));
            chunk("data", 20, new byte[20]);
            String message = refused();
            assertTrue(message.contains("makes no sense") && message.contains((rate & 0xffffffffL) + " Hz"), message);
        }
        begin("RIFF");
        for (int i = 0; i < 20_000; i++) {
            chunk("junk", 0, NO_BYTES);
        }
        assertTrue(refused().contains("more than 10000 chunks"));
        begin("RIFF");
        chunk("fmt ", 0xfffffff0L, format(1, 1, 8000, 16));
        assertTrue(refused().contains("cut short inside its fmt chunk"));
    }

    /** Headers of any bytes take neither memory nor time, and are read or refused in one line. */
    @Test
    void anyBytesInTheHeader() throws IOException {
        Random random = new Random(3);
        int good = 0;
        for (int round = 0; round < 3000; round++) {
            if (round % 2 == 0) {
                rf64(100);
            } else {
                streamed(2, 200, ramp(100));
            }
            byte[] bytes = out.toByteArray();
            for (int i = 0; i <= round % 3; i++) {
                int at = random.nextInt(80);
                bytes[at % bytes.length] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
            }
            Path file = Files.write(folder.resolve("a.wav"), bytes);
            try {
                assertTrue(AudioFiles.read(file).samples().length <= 100);
                good++;
            } catch (BadInputException e) {
                assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            }
        }
        assertTrue(good > 300 && good < 2700, good + " of 3000 could be read");
    }

    @Test
    void moreThanTheHeapHolds() throws IOException {
        long samples = Runtime.getRuntime().maxMemory() / 8 + 1000;
        Path file = folder.resolve("sparse.wav");
        streamed(1, 2 * samples > 0xfffff000L ? 0xffffffffL : 2 * samples, NO_BYTES);
        try (var channel = java.nio.channels.FileChannel.open(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(out.toByteArray()));
            channel.write(ByteBuffer.wrap(new byte[1]), 44 + 2 * samples - 1);
        } catch (IOException e) {
            Assumptions.abort("no file of " + 2 * samples + " bytes here: " + e);
        }
        String message = assertThrows(BadInputException.class, () -> AudioFiles.read(file))
                .getMessage();
        assertTrue(message.startsWith(file + ": " + samples + " samples ("), message);
        assertEquals(1, message.lines().count());
        assertEquals(80, AudioFiles.read(file, 100, 0.01).samples().length);
    }

    /** What sox writes to a pipe, where sox is installed. */
    @Test
    void soxThroughAPipe() throws Exception {
        String[][] encodings = {
            {"-b", "16"},
            {"-b", "8"},
            {"-b", "24"},
            {"-b", "32"},
            {"-e", "float", "-b", "32"},
            {"-e", "a-law", "-b", "8"},
            {"-e", "mu-law", "-b", "8"}
        };
        Assumptions.assumeTrue(soxIsThere(), "sox isn't installed, so what it writes isn't tested");
        for (String[] encoding : encodings) {
            for (int channels = 1; channels <= 3; channels++) {
                String how = String.join(" ", encoding) + " -c " + channels;
                Path piped = folder.resolve("piped.wav");
                Path raw = folder.resolve("float.raw");
                sox("sox -D -R -n -r 8000 " + how + " -t wav - synth 0.25 sine 300 gain -3 2>/dev/null | cat >"
                        + piped);
                sox("sox -D -t wav --ignore-length " + piped + " -t raw -e float -b 32 -c 1 " + raw
                        + " remix - 2>/dev/null");
                ByteBuffer want = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
                float[] have = AudioFiles.read(piped).samples();
                assertEquals(2000, have.length, how);
                assertEquals(4 * 2000, want.capacity(), how);
                for (int i = 0; i < have.length; i++) {
                    assertEquals(want.getFloat(4 * i), have[i], 3e-7f, how + " sample " + i);
                }
            }
        }
    }

    private static boolean soxIsThere() throws InterruptedException {
        try {
            return new ProcessBuilder("sox", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void sox(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command).inheritIO().start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), command);
    }
}
