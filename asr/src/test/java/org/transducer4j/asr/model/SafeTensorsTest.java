package org.transducer4j.asr.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;

class SafeTensorsTest {
    @TempDir
    Path folder;

    private Path written() {
        Path file = folder.resolve("a.safetensors");
        SafeTensors contents = new SafeTensors(new LinkedHashMap<>(Map.of("format", "x")), new LinkedHashMap<>());
        contents.tensors().put("w", entry(new long[] {2, 3}, 1, 2, 3, 4, 5, 6));
        contents.tensors().put("b", entry(new long[] {1}, 7));
        contents.write(file);
        return file;
    }

    private static SafeTensors.Entry entry(long[] shape, float... values) {
        return new SafeTensors.Entry(shape, MemorySegment.ofArray(values));
    }

    @Test
    void whatIsWrittenIsRead() {
        SafeTensors read = SafeTensors.read(written());
        assertEquals("x", read.metadata().get("format"));
        assertArrayEquals(new long[] {2, 3}, read.tensors().get("w").shape());
        assertArrayEquals(
                new float[] {1, 2, 3, 4, 5, 6}, read.tensors().get("w").data().toArray(ValueLayout.JAVA_FLOAT));
        assertArrayEquals(new float[] {7}, read.tensors().get("b").data().toArray(ValueLayout.JAVA_FLOAT));
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        Path cut = folder.resolve("cut.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            BadInputException e = assertThrows(BadInputException.class, () -> SafeTensors.read(cut));
            assertTrue(e.getMessage().startsWith(cut.toString()), e.getMessage());
            assertEquals(1, e.getMessage().lines().count());
        }
        Files.write(cut, Arrays.copyOf(whole, whole.length + 4));
        assertThrows(BadInputException.class, () -> SafeTensors.read(cut));
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path other = folder.resolve("other");
        Files.writeString(other, "this is a text and nothing else");
        assertThrows(BadInputException.class, () -> SafeTensors.read(other));
        assertThrows(BadInputException.class, () -> SafeTensors.read(folder.resolve("missing")));
        BadInputException e = assertThrows(BadInputException.class, () -> Checkpoint.read(written()));
        assertTrue(e.getMessage().contains("isn't a checkpoint"), e.getMessage());
        e = assertThrows(BadInputException.class, () -> Checkpoint.read(folder.resolve("nothing")));
        assertTrue(e.getMessage().contains("nothing"), e.getMessage());
    }

    @Test
    void aWriteThatFailsLeavesTheOldFile() throws IOException {
        Path file = written();
        byte[] before = Files.readAllBytes(file);
        Path missing = folder.resolve("no/such/a.safetensors");
        SafeTensors contents = SafeTensors.read(file);
        assertThrows(BadInputException.class, () -> contents.write(missing));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertFalse(files.anyMatch(f -> f.toString().endsWith(".tmp")));
        }
    }
}
