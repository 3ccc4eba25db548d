package org.transducer4j.speech.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Fixtures;

class SplitTest {
    @TempDir
    Path folder;

    private Path clips;

    @BeforeEach
    void clips() throws Exception {
        clips = Fixtures.clips(folder, List.of("ann", "bob", "cy"), 12);
    }

    @Test
    void takes() {
        Split.Result result =
                Split.run(clips, HoldOut.Takes.parse("0-3, 11", HoldOut.TAKE_PATTERN), folder.resolve("split"), false);
        assertEquals(3 * 3 * 5, result.validUtterances());
        assertEquals(3 * 3 * 7, result.trainUtterances());
        Set<String> seen = new HashSet<>();
        for (Path file : List.of(result.train(), result.valid())) {
            for (CorpusUtterance entry : CorpusReader.open(file)) {
                int take = Integer.parseInt(entry.id().substring(entry.id().lastIndexOf('_') + 1));
                assertEquals(take <= 3 || take == 11, file.equals(result.valid()), entry.id());
                assertTrue(seen.add(entry.id()));
                assertEquals(400, entry.read().samples().length);
            }
        }
        assertEquals(108, seen.size());
    }

    @Test
    void speakers() {
        Split.Result result = Split.run(clips, new HoldOut.Speakers(Set.of("bob", "cy")), folder.resolve("s"), false);
        assertEquals(36, result.trainUtterances());
        assertTrue(CorpusReader.open(result.train()).stream().allMatch(entry -> "ann".equals(entry.speaker())));
        String message = assertThrows(
                        BadInputException.class,
                        () -> Split.run(clips, new HoldOut.Speakers(Set.of("dora")), folder.resolve("t"), false))
                .getMessage();
        assertEquals(clips + ": no utterance of speaker \"dora\"; it has ann, bob, cy", message);
        assertFalse(Files.exists(folder.resolve("t")));
    }

    @Test
    void fraction() throws Exception {
        Split.Result one = Split.run(clips, new HoldOut.Fraction(0.25, 7), folder.resolve("f"), false);
        assertEquals(27, one.validUtterances());
        Split.Result two = Split.run(clips, new HoldOut.Fraction(0.25, 7), folder.resolve("g"), false);
        assertEquals(Files.readString(one.valid()), Files.readString(two.valid()));
        Split.Result three = Split.run(clips, new HoldOut.Fraction(0.25, 8), folder.resolve("h"), false);
        assertFalse(Files.readString(one.valid()).equals(Files.readString(three.valid())));
    }

    @Test
    void refusals() throws Exception {
        HoldOut all = HoldOut.Takes.parse("0-99", HoldOut.TAKE_PATTERN);
        assertTrue(assertThrows(BadInputException.class, () -> Split.run(clips, all, folder.resolve("a"), false))
                .getMessage()
                .contains("holds out 108 of 108 utterances"));
        HoldOut none = HoldOut.Takes.parse("500", HoldOut.TAKE_PATTERN);
        assertTrue(assertThrows(BadInputException.class, () -> Split.run(clips, none, folder.resolve("a"), false))
                .getMessage()
                .contains("holds out 0 of 108 utterances"));
        assertFalse(Files.exists(folder.resolve("a")));
        HoldOut some = HoldOut.Takes.parse("1", HoldOut.TAKE_PATTERN);
        Split.run(clips, some, folder.resolve("a"), false);
        assertTrue(assertThrows(BadInputException.class, () -> Split.run(clips, some, folder.resolve("a"), false))
                .getMessage()
                .contains("train.jsonl: exists"));
        Split.run(clips, some, folder.resolve("a"), true);
        HoldOut other = HoldOut.Takes.parse("2", HoldOut.TAKE_PATTERN);
        assertTrue(assertThrows(
                        BadInputException.class,
                        () -> Split.run(folder.resolve("a/train.jsonl"), other, folder.resolve("a"), true))
                .getMessage()
                .contains("is the manifest to split"));
        HoldOut odd = HoldOut.Takes.parse("1", "take(\\d+)");
        assertTrue(assertThrows(BadInputException.class, () -> Split.run(clips, odd, folder.resolve("b"), false))
                .getMessage()
                .contains(":1: id \"0_ann_0\" has no take number"));
        assertThrows(IllegalArgumentException.class, () -> HoldOut.Takes.parse("a-b", HoldOut.TAKE_PATTERN));
        assertThrows(IllegalArgumentException.class, () -> HoldOut.Takes.parse("9-1", HoldOut.TAKE_PATTERN));
        assertThrows(IllegalArgumentException.class, () -> HoldOut.Takes.parse("1", "(\\d+"));
        assertThrows(IllegalArgumentException.class, () -> HoldOut.Takes.parse("1", "\\d+"));
        assertThrows(IllegalArgumentException.class, () -> new HoldOut.Fraction(1, 1));
        assertThrows(IllegalArgumentException.class, () -> new HoldOut.Speakers(Set.of()));
    }

    private Path said(List<String> texts) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            lines.add("{\"id\": \"u%d\", \"audio_filepath\": \"a.wav\", \"duration\": 1, \"text\": \"%s\"}"
                    .formatted(i, texts.get(i)));
        }
        return Files.write(folder.resolve("said.jsonl"), lines);
    }

    @Test
    void noSeedHoldsOutWhatTheOthersDontHave() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add("one two");
        }
        texts.set(7, "one z\u00e9ro");
        texts.set(21, "x");
        texts.set(22, "x one");
        texts.set(30, "eno two"); // a word of its own, of letters that others have
        List<CorpusUtterance> entries = CorpusReader.open(said(texts));
        boolean chanceWouldHave = false;
        for (int seed = 0; seed < 50; seed++) {
            boolean[] held = new HoldOut.Fraction(0.25, seed).choose(entries);
            int count = 0;
            for (boolean one : held) {
                count += one ? 1 : 0;
            }
            assertEquals(10, count);
            assertFalse(held[7] || held[30] || (held[21] && held[22]), "seed " + seed);
            chanceWouldHave |= held[21] || held[22];
        }
        assertTrue(chanceWouldHave, "one of two may be held out");
        // Where each has something of its own, the share is still what was asked for.
        List<CorpusUtterance> own = CorpusReader.open(said(List.of("a", "b", "c", "d")));
        int count = 0;
        for (boolean one : new HoldOut.Fraction(0.5, 1).choose(own)) {
            count += one ? 1 : 0;
        }
        assertEquals(2, count);
    }
}
