package org.transducer4j.asr.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    void everyFlippedBitIsNoticed() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        Path flipped = folder.resolve("flipped.safetensors");
        for (int at = 8; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = whole.clone();
                bytes[at] ^= (byte) (1 << bit);
                Files.write(flipped, bytes);
                SafeTensors read;
                try {
                    read = SafeTensors.read(flipped);
                } catch (BadInputException e) {
                    assertTrue(e.getMessage().startsWith(flipped.toString()), e.getMessage());
                    continue;
                }
                // One that breaks the name of the checksum leaves a text of another name.
                assertFalse(read.metadata().keySet().equals(Set.of("format")), "byte " + at + ", bit " + bit);
            }
        }
    }

    /** A file of another program, with a header as it says and 24 bytes of data. */
    private Path file(String header) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 24).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (int i = 1; i <= 6; i++) {
            bytes.putFloat(i);
        }
        return Files.write(folder.resolve("made.safetensors"), bytes.array());
    }

    @Test
    void aHeaderMayEndAnywhere() throws IOException {
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";
        for (int spaces = 0; spaces < 8; spaces++) {
            SafeTensors read = SafeTensors.read(file(header + " ".repeat(spaces)));
            assertArrayEquals(
                    new float[] {1, 2, 3, 4, 5, 6},
                    read.tensors().get("w").data().toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"w":{"dtype":"F32","shape":[-2,-3],"data_offsets":[0,24]}} | fit its shape
            {"w":{"dtype":"F32","shape":[4294967296,4294967296,6],"data_offsets":[0,24]}} | fit its shape
            {"w":{"dtype":"F32","shape":[2.0,3],"data_offsets":[0,24]}} | fit its shape
            {"w":{"dtype":"F32","shape":[6],"data_offsets":[24,0]}} | fit its shape
            {"w":{"dtype":"F32","shape":[6],"data_offsets":[0,99999999999999999999]}} | fit its shape
            {"w":{"dtype":"F16","shape":[12],"data_offsets":[0,24]}} | F32
            {"w":{"dtype":"F32","shape":[6],"data_offsets":[24,48]}} | cut short
            {"w":{"dtype":"F32","shape":[5],"data_offsets":[4,24]}} | want 0
            {"v":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"w":{"dtype":"F32","shape":[4],"data_offsets":[8,24]}} | want 12
            {"v":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"w":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}} | two tensors
            {"v":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"v":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}} | no JSON
            {"__metadata__":{"format":1},"w":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}} | format
            [1, 2] | no JSON object
            {"w":{"dtype":"F32","shape":[5],"data_offsets":[0,20]}} | tells of 20
            """)
    void headersThatDontFitAreRefused(String header, String said) throws IOException {
        Path file = file(header);
        BadInputException e = assertThrows(BadInputException.class, () -> SafeTensors.read(file));
        assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains(said), e.getMessage());
    }
}
