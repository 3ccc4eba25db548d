package org.transducer4j.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;

class SpokenDigitsTest {
    @TempDir
    Path directory;

    List<CorpusUtterance> speak(String folder, long seed) {
        return CorpusReader.open(SpokenDigits.speak(directory.resolve(folder), 8, seed, (done, total) -> {}));
    }

    @Test
    void theSameSeedMakesTheSameSound() {
        List<CorpusUtterance> first = speak("a", 1);
        List<CorpusUtterance> again = speak("b", 1);
        List<CorpusUtterance> other = speak("c", 2);
        for (int i = 0; i < first.size(); i++) {
            assertEquals(first.get(i).text(), again.get(i).text());
            assertArrayEquals(first.get(i).read().samples(), again.get(i).read().samples());
        }
        assertNotEquals(
                first.stream().map(CorpusUtterance::text).toList(),
                other.stream().map(CorpusUtterance::text).toList());
    }

    @Test
    void utterancesSoundAndDiffer() {
        for (CorpusUtterance entry : speak("a", 3)) {
            Audio audio = entry.read();
            assertEquals(8000, audio.sampleRate());
            assertEquals(entry.duration(), audio.seconds(), 1e-9);
            int words = entry.text().split(" ").length;
            assertTrue(audio.seconds() > 0.15 * words, entry.text() + " in " + audio.seconds() + " s");
            double energy = 0;
            for (float sample : audio.samples()) {
                energy += sample * sample;
            }
            assertTrue(Math.sqrt(energy / audio.samples().length) > 0.005, entry.text());
        }
        assertTrue(
                speak("a", 3).stream().map(CorpusUtterance::duration).distinct().count() > 4);
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        String message = assertThrows(
                        BadInputException.class, () -> SpokenDigits.speak(file, 1, 1, (done, total) -> {}))
                .getMessage();
        assertTrue(message.contains(file.toString()), message);
    }

    @Test
    void theMemoryOfABatchIsItsShape() {
        BatchedMemory memory = new BatchedMemory(32, 1000, 100, 1000, 512);
        assertEquals(32L * 1000 * 101, memory.nodes());
        assertEquals(32L * 1000 * 101 * (1000 + 512) * 8, memory.bytes());
        assertTrue(memory.arithmetic().startsWith("32 utterances x 1000 frames x 101 label positions"));
    }
}
