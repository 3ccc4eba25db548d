package org.transducer4j.speech.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;

class AudioIndexTest {
    private static final FileTime HOUR_AGO = FileTime.from(Instant.now().minus(Duration.ofHours(1)));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void place() {
        file = folder.resolve("cache").resolve("deep").resolve("headers");
    }

    private Path sound(String name, int samples, int rate) throws IOException {
        Path sound = folder.resolve(name);
        AudioFiles.writeWav(sound, new Audio(new float[samples], rate));
        Files.setLastModifiedTime(sound, HOUR_AGO);
        return sound;
    }

    /** Makes a file unreadable without another size or time: who still knows what its header says has it from the index. */
    private static void spoil(Path sound) throws IOException {
        FileTime modified = Files.getLastModifiedTime(sound);
        Files.write(sound, new byte[(int) Files.size(sound)]);
        Files.setLastModifiedTime(sound, modified);
    }

    @Test
    void aHeaderIsReadOnce() throws IOException {
        Path sound = sound("a.wav", 100, 8000);
        AudioIndex first = AudioIndex.at(file);
        AudioInfo info = new AudioInfo(8000, 1, 100);
        assertEquals(info, first.info(sound));
        spoil(sound);
        assertEquals(info, first.info(sound));
        assertFalse(Files.exists(file));
        first.save();
        AudioIndex second = AudioIndex.at(file);
        assertEquals(info, second.info(sound));
        // With another time it is another file.
        Files.setLastModifiedTime(sound, FileTime.from(HOUR_AGO.toInstant().plusNanos(1_000_000)));
        assertThrows(BadInputException.class, () -> second.info(sound));
        sound("a.wav", 60, 16000);
        assertEquals(new AudioInfo(16000, 1, 60), second.info(sound));
        // Nothing new, nothing written.
        second.save();
        FileTime written = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, HOUR_AGO);
        AudioIndex third = AudioIndex.at(file);
        assertEquals(new AudioInfo(16000, 1, 60), third.info(sound));
        third.save();
        assertTrue(Files.getLastModifiedTime(file).compareTo(written) < 0);
        Files.delete(sound);
        assertEquals(
                sound + ": no such file",
                assertThrows(BadInputException.class, () -> third.info(sound)).getMessage());
    }

    @Test
    void whatMayStillChangeIsNotKept() throws IOException {
        Path sound = sound("a.wav", 100, 8000);
        Files.setLastModifiedTime(sound, FileTime.from(Instant.now()));
        AudioIndex index = AudioIndex.at(file);
        index.info(sound);
        spoil(sound);
        assertThrows(BadInputException.class, () -> index.info(sound));
        index.save();
        assertFalse(Files.exists(file));
    }

    @Test
    void damageIsThrownAway() throws IOException {
        Path sound = sound("a.wav", 100, 8000);
        AudioIndex index = AudioIndex.at(file);
        AudioInfo info = index.info(sound);
        index.save();
        byte[] good = Files.readAllBytes(file);
        int thrownAway = 0;
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            Files.write(file, bad);
            assertEquals(info, AudioIndex.at(file).info(sound), "byte " + at);
            thrownAway += Files.exists(file) ? 0 : 1;
            Files.write(file, Arrays.copyOf(good, at));
            assertEquals(info, AudioIndex.at(file).info(sound), "cut at " + at);
            assertFalse(Files.exists(file), "cut at " + at);
        }
        assertTrue(thrownAway > good.length - 10, "all but what gzip ignores: " + thrownAway + " of " + good.length);
        for (byte[] other : List.of(
                made("transducer4j sound headers 0", 0),
                made("transducer4j sound headers 1", Integer.MAX_VALUE),
                made("transducer4j sound headers 1", -1))) {
            Files.write(file, other);
            AudioIndex again = AudioIndex.at(file);
            assertFalse(Files.exists(file));
            again.info(sound);
            again.save();
            assertTrue(Files.exists(file));
        }
    }

    private static byte[] made(String format, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
            out.writeUTF(format);
            out.writeInt(count);
        }
        return bytes.toByteArray();
    }

    @Test
    void aPlaceThatTakesNoFilesStopsNothing() throws IOException {
        Path sound = sound("a.wav", 100, 8000);
        Path inTheWay = Files.writeString(folder.resolve("in-the-way"), "x");
        for (Path place : List.of(inTheWay.resolve("below"), inTheWay.resolve("far/below"), folder)) {
            AudioIndex index = AudioIndex.at(place);
            assertEquals(100, index.info(sound).samples());
            index.save();
        }
        assertEquals("x", Files.readString(inTheWay));
        assertTrue(Files.isDirectory(folder));
        AudioIndex nowhere = new AudioIndex(null, 10);
        assertEquals(100, nowhere.info(sound).samples());
        nowhere.save();
    }

    @Test
    void twoProgramsAtOnce() throws Exception {
        AudioIndex one = AudioIndex.at(file);
        AudioIndex two = AudioIndex.at(file);
        Path a = sound("a.wav", 10, 8000);
        Path b = sound("b.wav", 20, 8000);
        one.info(a);
        two.info(b);
        one.save();
        two.save();
        List<Path> sounds = new ArrayList<>(List.of(a, b));
        for (int i = 0; i < 20; i++) {
            sounds.add(sound("c" + i + ".wav", 30 + i, 8000));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (Path sound : sounds) {
                all.add(threads.submit(() -> {
                    AudioIndex mine = AudioIndex.at(file);
                    mine.info(sound);
                    mine.save();
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        for (Path sound : sounds) {
            spoil(sound);
        }
        AudioIndex last = AudioIndex.at(file);
        for (Path sound : sounds) {
            assertTrue(last.info(sound).samples() > 0);
        }
        try (var left = Files.list(file.getParent())) {
            assertEquals(1, left.count(), "nothing but the index is left");
        }
    }

    @Test
    void theOnesAskedForLastAreKept() throws IOException {
        AudioIndex index = new AudioIndex(file, 3);
        List<Path> sounds = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sounds.add(sound(i + ".wav", 10, 8000));
        }
        for (int i : new int[] {0, 1, 2, 0, 3}) {
            index.info(sounds.get(i));
        }
        index.save();
        for (Path sound : sounds) {
            spoil(sound);
        }
        AudioIndex back = new AudioIndex(file, 3);
        for (int i : new int[] {0, 2, 3}) {
            assertEquals(10, back.info(sounds.get(i)).samples());
        }
        assertThrows(BadInputException.class, () -> back.info(sounds.get(1)));
    }

    @Test
    void whatAKilledProgramLeftIsTakenAway() throws IOException {
        Files.createDirectories(file.getParent());
        Path old = Files.writeString(file.resolveSibling("sound-headers123.tmp"), "x");
        Path young = Files.writeString(file.resolveSibling("sound-headers456.tmp"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        AudioIndex index = AudioIndex.at(file);
        index.info(sound("a.wav", 10, 8000));
        index.save();
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young));
    }

    @Test
    void whereItIs() {
        assertEquals(
                Path.of("/x/sound-headers"),
                AudioIndex.place(Map.of("T4J_CACHE", "/x", "XDG_CACHE_HOME", "/y"), "/home/u"));
        assertEquals(
                Path.of("/y/transducer4j/sound-headers"),
                AudioIndex.place(Map.of("T4J_CACHE", "", "XDG_CACHE_HOME", "/y"), "/home/u"));
        Path usual = Path.of("/home/u/.cache/transducer4j/sound-headers");
        assertEquals(usual, AudioIndex.place(Map.of("XDG_CACHE_HOME", "relative"), "/home/u"));
        assertEquals(usual, AudioIndex.place(Map.of(), "/home/u"));
        assertNull(AudioIndex.place(Map.of(), ""));
        assertNull(AudioIndex.place(Map.of(), "?"));
        assertNull(AudioIndex.place(Map.of("T4J_CACHE", "\0"), "/home/u"));
    }
}
