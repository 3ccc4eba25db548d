package org.transducer4j.bench.highlight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.speech.BadInputException;

class HighlightTest {
    @TempDir
    Path folder;

    private HighlightOptions options(String name, int utterances) {
        return options(name, utterances, Matrix.Format.FLOAT32);
    }

    private HighlightOptions options(String name, int utterances, Matrix.Format format) {
        return new HighlightOptions(
                folder.resolve(name), utterances, 60, 11, 40, 24, format, 2, new MemoryBudget(300 << 10), 0);
    }

    @Test
    void bfloat16TakesHalfAndComesClose() {
        HighlightResult wide = Highlight.run(options("wide", 6), (done, of, left) -> {});
        HighlightResult narrow = Highlight.run(options("narrow", 6, Matrix.Format.BFLOAT16), (done, of, left) -> {});
        assertEquals(wide.outputBytes() / 2, narrow.outputBytes());
        assertEquals(wide.loss(), narrow.loss(), 1e-3 * wide.loss());
        assertEquals(wide.encoderNorm(), narrow.encoderNorm(), 1e-2 * wide.encoderNorm());
        assertEquals(wide.weightNorm(), narrow.weightNorm(), 1e-2 * wide.weightNorm());
        String message = assertThrows(
                        BadInputException.class, () -> Highlight.run(options("narrow", 6), (done, of, left) -> {}))
                .getMessage();
        assertTrue(message.contains("BFLOAT16"), message);
    }

    /** Stands for kill -9. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void anInterruptedRunEndsLikeOneThatWasnt() {
        HighlightResult whole = Highlight.run(options("whole", 14), (done, of, left) -> {});
        assertEquals(14L * 60 * 12, whole.nodes());
        assertEquals(14L * (60 + 12) * 24 * 4, whole.outputBytes());
        assertTrue(whole.scratchBytes() <= 300 << 10, "" + whole.scratchBytes());
        assertTrue(whole.encoderNorm() > 0 && whole.predictorNorm() > 0 && whole.weightNorm() > 0);
        for (int kill : new int[] {4, 12}) {
            assertThrows(
                    Killed.class,
                    () -> Highlight.run(options("cut", 14), (done, of, left) -> {
                        if (done >= kill) {
                            throw new Killed();
                        }
                    }));
        }
        HighlightResult cut = Highlight.run(options("cut", 14), (done, of, left) -> {});
        assertEquals(whole.loss(), cut.loss(), 0);
        assertEquals(whole.encoderNorm(), cut.encoderNorm(), 0);
        assertEquals(whole.predictorNorm(), cut.predictorNorm(), 0);
        assertEquals(whole.weightNorm(), cut.weightNorm(), 0);
        assertEquals(whole.nodes(), cut.nodes());
    }

    @Test
    void anotherBatchIsRefused() {
        Highlight.run(options("first", 4), (done, of, left) -> {});
        String message = assertThrows(
                        BadInputException.class, () -> Highlight.run(options("first", 5), (done, of, left) -> {}))
                .getMessage();
        assertTrue(message.contains("B=4") && message.contains("B=5"), message);
        assertThrows(IllegalArgumentException.class, () -> options("none", 0));
        HighlightOptions huge =
                HighlightOptions.of(folder.resolve("huge"), Integer.MAX_VALUE, Matrix.Format.FLOAT32, 1);
        String room = assertThrows(BadInputException.class, () -> Highlight.run(huge, (done, of, left) -> {}))
                .getMessage();
        assertTrue(room.contains("2147483647 utterances") && room.contains("room for"), room);
        assertFalse(Files.exists(huge.folder()));
    }
}
