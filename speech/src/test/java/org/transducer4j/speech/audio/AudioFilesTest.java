package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;

class AudioFilesTest {
    @TempDir
    Path folder;

    /** A WAV file with a LIST chunk of odd length in front of the data. */
    private static byte[] wav(int format, int bits, int channels, int rate, byte[] data, int promised) {
        ByteBuffer out = ByteBuffer.allocate(256 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF____WAVEfmt ".getBytes(StandardCharsets.US_ASCII));
        boolean extensible = format < 0;
        out.putInt(extensible ? 40 : 16);
        out.putShort((short) (extensible ? 0xfffe : format))
                .putShort((short) channels)
                .putInt(rate);
        out.putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits);
        if (extensible) {
            out.putShort((short) 22)
                    .putShort((short) bits)
                    .putInt(0)
                    .putShort((short) -format)
                    .put(new byte[14]);
        }
        out.put("LIST".getBytes(StandardCharsets.US_ASCII)).putInt(3).put(new byte[4]);
        out.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(promised).put(data);
        return Arrays.copyOf(out.array(), out.position());
    }

    private Path file(byte[] bytes) throws Exception {
        return Files.write(folder.resolve("a.wav"), bytes);
    }

    private String refused(byte[] bytes) throws Exception {
        Path file = file(bytes);
        String message = assertThrows(BadInputException.class, () -> AudioFiles.read(file))
                .getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        assertEquals(1, message.lines().count());
        return message;
    }

    @Test
    void everyEncoding() throws Exception {
        float[] want = {0.5f, -0.25f, 0, -1};
        for (int format : new int[] {1, -1}) {
            assertArrayEquals(want, read(format, 8, new byte[] {(byte) 192, 96, (byte) 128, 0}));
            assertArrayEquals(want, read(format, 16, new byte[] {0, 0x40, 0, (byte) 0xe0, 0, 0, 0, (byte) 0x80}));
            assertArrayEquals(
                    want, read(format, 24, new byte[] {0, 0, 0x40, 0, 0, (byte) 0xe0, 0, 0, 0, 0, 0, (byte) 0x80}));
        }
        ByteBuffer ints = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer floats = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer doubles = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : want) {
            ints.putInt((int) (value * 2147483648.0));
            floats.putFloat(value);
            doubles.putDouble(value);
        }
        assertArrayEquals(want, read(1, 32, ints.array()));
        assertArrayEquals(want, read(3, 32, floats.array()));
        assertArrayEquals(want, read(-3, 32, floats.array()));
        assertArrayEquals(want, read(3, 64, doubles.array()));
    }

    private float[] read(int format, int bits, byte[] data) throws Exception {
        Path file = file(wav(format, bits, 1, 8000, data, data.length));
        assertEquals(new AudioInfo(8000, 1, 4), AudioFiles.info(file));
        return AudioFiles.read(file).samples();
    }

    @Test
    void channelsAreAveraged() throws Exception {
        byte[] data = {0, 0x40, 0, 0, 0, 0x20, 0, 0x20, 0, 0, 0, 0x60};
        Audio audio = AudioFiles.read(file(wav(1, 16, 3, 44100, data, 12)));
        assertEquals(44100, audio.sampleRate());
        assertArrayEquals(new float[] {0.25f, (0.25f + 0 + 0.75f) / 3}, audio.samples(), 1e-7f);
    }

    @Test
    void lengthOfAPipe() throws Exception {
        assertEquals(
                3, AudioFiles.read(file(wav(1, 16, 1, 8000, new byte[6], -1))).samples().length);
    }

    @Test
    void writtenAndReadBack() {
        float[] x = {0, 0.5f, -1, 1, 2, -3, 1e-4f};
        Path file = folder.resolve("b.wav");
        AudioFiles.writeWav(file, new Audio(x, 16000));
        Audio back = AudioFiles.read(file);
        assertEquals(16000, back.sampleRate());
        assertArrayEquals(new float[] {0, 0.5f, -1, 32767 / 32768f, 32767 / 32768f, -1, 3 / 32768f}, back.samples());
    }

    @Test
    void partsOfWavAndFlac() throws Exception {
        int[][] x = new int[1][2000];
        for (int i = 0; i < 2000; i++) {
            x[0][i] = i * 13 % 1000 - 500;
        }
        Path flac = Files.write(
                folder.resolve("a.flac"), FlacWriter.write(x, 1000, 16, FlacWriter.Coding.VERBATIM, 0, true));
        Audio all = AudioFiles.read(flac);
        Path wav = folder.resolve("c.wav");
        AudioFiles.writeWav(wav, all);
        for (Path file : new Path[] {wav, flac}) {
            assertArrayEquals(
                    Arrays.copyOfRange(all.samples(), 250, 750),
                    AudioFiles.read(file, 0.25, 0.5).samples());
            assertArrayEquals(
                    Arrays.copyOfRange(all.samples(), 1999, 2000),
                    AudioFiles.read(file, 1.999, 0).samples());
            assertEquals(1000, AudioFiles.read(file, 1, Double.NaN).samples().length);
            // A rounded duration reaches a little too far.
            assertEquals(1000, AudioFiles.read(file, 1, 1.04).samples().length);
            String far = assertThrows(BadInputException.class, () -> AudioFiles.read(file, 1, 1.2))
                    .getMessage();
            assertTrue(far.contains("reach behind its end: it is 2"), far);
            String behind = assertThrows(BadInputException.class, () -> AudioFiles.read(file, 2, 1))
                    .getMessage();
            assertTrue(behind.contains("offset 2.0 s lies behind its end"), behind);
            assertThrows(IllegalArgumentException.class, () -> AudioFiles.read(file, -1, 1));
        }
    }

    @Test
    void aChangedFileIsDecodedAnew() throws Exception {
        int[][] x = {new int[500]};
        Path flac = folder.resolve("d.flac");
        Files.write(flac, FlacWriter.write(x, 1000, 16, FlacWriter.Coding.VERBATIM, 0, true));
        assertEquals(0, AudioFiles.read(flac, 0.1, 0.1).samples()[0]);
        x = new int[][] {new int[600]};
        Arrays.fill(x[0], 16384);
        Files.write(flac, FlacWriter.write(x, 1000, 16, FlacWriter.Coding.VERBATIM, 0, true));
        assertEquals(0.5f, AudioFiles.read(flac, 0.1, 0.1).samples()[0]);
    }

    @Test
    void badFiles() throws Exception {
        Path missing = folder.resolve("missing.wav");
        assertEquals(
                missing + ": no such file",
                assertThrows(BadInputException.class, () -> AudioFiles.read(missing))
                        .getMessage());
        assertTrue(assertThrows(BadInputException.class, () -> AudioFiles.read(folder))
                .getMessage()
                .contains("folder"));
        assertTrue(refused(new byte[0]).contains("is empty"));
        assertTrue(refused("this is no sound".getBytes(StandardCharsets.UTF_8)).contains("neither WAV nor FLAC"));
        assertTrue(refused("OggS............".getBytes(StandardCharsets.UTF_8)).contains("Ogg"));
        byte[] good = wav(1, 16, 1, 8000, new byte[100], 100);
        assertTrue(refused(Arrays.copyOf(good, good.length - 10)).contains("promises 50 samples, it holds 45"));
        for (int length = 1; length < good.length; length++) {
            refused(Arrays.copyOf(good, length));
        }
        assertTrue(refused(wav(1, 16, 1, 8000, new byte[0], 0)).contains("holds no samples"));
        assertTrue(refused(wav(2, 4, 1, 8000, new byte[8], 8)).contains("MS ADPCM"));
        assertTrue(refused(wav(7, 16, 1, 8000, new byte[8], 8)).contains("mu-law with 16 bits"));
        assertTrue(refused(wav(1, 12, 1, 8000, new byte[8], 8)).contains("PCM with 12 bits"));
        assertTrue(refused(wav(1, 16, 0, 8000, new byte[8], 8)).contains("makes no sense"));
        byte[] nan = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(Float.NaN)
                .array();
        assertTrue(refused(wav(3, 32, 1, 8000, nan, 4)).contains("finite"));
    }

    @Test
    void unwritable() {
        Path file = folder.resolve("no/such/folder/a.wav");
        String message = assertThrows(
                        BadInputException.class, () -> AudioFiles.writeWav(file, new Audio(new float[1], 8000)))
                .getMessage();
        assertTrue(message.startsWith(file + ": can't be written"), message);
    }
}
