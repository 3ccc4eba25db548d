package org.transducer4j.asr.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.transducer4j.speech.BadInputException;

class ScoreTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'a b c', 'a b c', 0, 0, 0",
        "'a b c', 'a x c', 1, 0, 0",
        "'a b c', 'a c', 0, 0, 1",
        "'a c', 'a b c', 0, 1, 0",
        "'', '', 0, 0, 0",
        "'', 'a b', 0, 2, 0",
        "'a b', '', 0, 0, 2",
        "'a b c d', 'b c d e', 0, 1, 1"
    })
    void errorsAreCounted(String reference, String hypothesis, long sub, long ins, long del) {
        List<String> words = WordErrors.words(reference);
        assertEquals(new WordErrors(words.size(), sub, ins, del), WordErrors.of(words, WordErrors.words(hypothesis)));
    }

    @Test
    void alignmentIsOptimalAndCoversBothSides() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            List<String> a = random(random);
            List<String> b = random(random);
            List<Alignment.Pair> pairs = Alignment.align(a, b);
            assertEquals(
                    a,
                    pairs.stream()
                            .map(Alignment.Pair::reference)
                            .filter(w -> w != null)
                            .toList());
            assertEquals(
                    b,
                    pairs.stream()
                            .map(Alignment.Pair::hypothesis)
                            .filter(w -> w != null)
                            .toList());
            long errors = pairs.stream().filter(p -> !p.correct()).count();
            assertEquals(distance(a, b, a.size(), b.size()), errors);
        }
    }

    private static List<String> random(SplittableRandom random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            words.add("abc".substring(random.nextInt(3)).substring(0, 1));
        }
        return words;
    }

    /** The definition, without a table. */
    private static int distance(List<String> a, List<String> b, int i, int j) {
        if (i == 0 || j == 0) {
            return i + j;
        }
        int diagonal = distance(a, b, i - 1, j - 1) + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1);
        return Math.min(diagonal, 1 + Math.min(distance(a, b, i - 1, j), distance(a, b, i, j - 1)));
    }

    @Test
    void werOfNothing() {
        assertEquals(0, WordErrors.NONE.wer());
        assertEquals(Double.POSITIVE_INFINITY, new WordErrors(0, 0, 2, 0).wer());
    }

    @Test
    void filesAreIcefalls() throws IOException {
        WordErrors errors = ScoreFiles.write(
                folder,
                "test",
                "greedy_search",
                List.of(
                        new ScoredUtterance("u2", List.of("one", "two", "don't"), List.of("one", "too", "don't", "x")),
                        new ScoredUtterance("u1", List.of(), List.of()),
                        new ScoredUtterance("u3", List.of("two"), List.of())));
        assertEquals(new WordErrors(4, 1, 1, 1), errors);
        assertEquals("""
                u1:\tref=[]
                u1:\thyp=[]
                u2:\tref=['one', 'two', "don't"]
                u2:\thyp=['one', 'too', "don't", 'x']
                u3:\tref=['two']
                u3:\thyp=[]
                """, Files.readString(folder.resolve("recogs-test.txt")));
        assertEquals("""
                %WER = 75.00
                Errors: 1 insertions, 1 deletions, 1 substitutions, over 4 reference words (2 correct)
                Search below for sections starting with PER-UTT DETAILS:, SUBSTITUTIONS:, DELETIONS:, INSERTIONS:, PER-WORD STATS:

                PER-UTT DETAILS: corr or (ref->hyp)\s\s
                u1:\t
                u2:\tone (two->too) don't (*->x)
                u3:\t(two->*)

                SUBSTITUTIONS: count ref -> hyp
                1   two -> too

                DELETIONS: count ref
                1   two

                INSERTIONS: count hyp
                1   x

                PER-WORD STATS: word  corr tot_errs count_in_ref count_in_hyp
                two   0 2 2 0
                too   0 1 0 1
                x   0 1 0 1
                don't   1 0 1 1
                one   1 0 1 1
                """, Files.readString(folder.resolve("errs-test.txt")));
        assertEquals("settings\tWER\ngreedy_search\t75.00\n", Files.readString(folder.resolve("wer-summary-test.txt")));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        Path missing = folder.resolve("missing");
        BadInputException e =
                assertThrows(BadInputException.class, () -> ScoreFiles.write(missing, "t", "greedy_search", List.of()));
        assertTrue(e.getMessage().contains(missing.toString()), e.getMessage());
    }

    /** What a machine reads; kept small. */
    private record Result(double wer, WordErrors errors, double[] losses) {}

    @Test
    void aRateOfNoWordsIsNullInAResultAndItsCountsAreThere() throws IOException {
        WordErrors errors = WordErrors.of(List.of(), List.of("a", "b"));
        Path file = folder.resolve("result.json");
        ResultFile.write(file, new Result(errors.wer(), errors, new double[] {Double.NaN, 1}));
        assertEquals("""
                {
                  "wer" : null,
                  "errors" : {
                    "referenceWords" : 0,
                    "substitutions" : 0,
                    "insertions" : 2,
                    "deletions" : 0
                  },
                  "losses" : [ null, 1.0 ]
                }
                """, Files.readString(file));
    }
}
