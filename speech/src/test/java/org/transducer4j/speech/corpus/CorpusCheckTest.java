package org.transducer4j.speech.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.AudioIndex;
import org.transducer4j.speech.audio.AudioInfo;
import org.transducer4j.speech.feature.AugmentOptions;
import org.transducer4j.speech.feature.FbankOptions;

class CorpusCheckTest {
    private static final FbankOptions FBANK = FbankOptions.defaults(8000);

    @TempDir
    Path folder;

    private int line;

    private CorpusUtterance utterance(Path sound, double offset, double duration) {
        line++;
        return new CorpusUtterance(
                "u" + line,
                new Sound(sound, offset, duration),
                "text",
                null,
                Map.of(),
                new Origin(Path.of("train.jsonl"), line));
    }

    private Path wav(String name, int samples, int rate) throws IOException {
        Path sound = folder.resolve(name);
        AudioFiles.writeWav(sound, new Audio(new float[samples], rate));
        Files.setLastModifiedTime(sound, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        return sound;
    }

    private CorpusCheck check() {
        return new CorpusCheck(AudioIndex.at(folder.resolve("index")));
    }

    private static List<String> messages(List<CorpusCheck.Complaint> complaints) {
        return complaints.stream().map(CorpusCheck.Complaint::message).toList();
    }

    @Test
    void allThatIsWrongInOrder() throws IOException {
        Path good = wav("good.wav", 16000, 8000);
        Path empty = wav("empty.wav", 0, 8000);
        Path missing = folder.resolve("missing.wav");
        Path text = Files.writeString(folder.resolve("text.wav"), "no sound at all");
        List<CorpusUtterance> utterances = List.of(
                utterance(good, 0, 2),
                utterance(good, 1.5, 0.75),
                utterance(missing, 0, 1),
                utterance(good, 1, 1.04), // durations are rounded
                utterance(text, 0, 1),
                utterance(good, 3, 1),
                utterance(empty, 0, 1),
                utterance(missing, 5, 1),
                utterance(good, 0, 0.1));
        CorpusCheck check = check();
        List<CorpusCheck.Complaint> complaints = check.complaints(utterances, null);
        assertEquals(
                List.of(
                        "train.jsonl:2: " + good
                                + ": offset 1.5 s and duration 0.75 s reach behind its end: it is 2.00000 s long",
                        "train.jsonl:3: " + missing + ": no such file",
                        "train.jsonl:5: " + text + ": is neither WAV nor FLAC",
                        "train.jsonl:6: " + good + ": offset 3.0 s lies behind its end: it is 2.00000 s long",
                        "train.jsonl:7: " + empty + ": holds no samples",
                        "train.jsonl:8: " + missing + ": no such file"),
                messages(complaints));
        assertEquals("u2", complaints.getFirst().utterance().id());
        assertEquals(new AudioInfo(8000, 1, 16000), check.info(good));
        assertThrows(BadInputException.class, () -> check.info(missing));
        assertEquals(
                "6 of 9 utterances can't be used:\n  " + messages(complaints).get(0) + "\n  "
                        + messages(complaints).get(1) + "\n  and 4 more",
                CorpusCheck.text(complaints, 9, 2));
        assertEquals(7, CorpusCheck.text(complaints, 9, 20).lines().count());
    }

    /** What is complained of is what the loader refuses, and nothing else. */
    @Test
    void tooShortForAFrame() throws IOException {
        AugmentOptions usual = AugmentOptions.defaults(FBANK.bins());
        double speed = usual.speeds().stream().mapToDouble(s -> s).max().orElseThrow();
        AugmentOptions fastest = new AugmentOptions(List.of(speed), 1, 1, 0, 0, 0, 0, 0, 0, null);
        List<CorpusUtterance> utterances = new ArrayList<>();
        for (int rate : new int[] {8000, 11025, 16000, 44100}) {
            for (int i = 0; i < 60; i++) {
                int samples = 1 + i * rate / 8000;
                utterances.add(
                        utterance(wav("s" + rate + "-" + i + ".wav", samples, rate), 0, (double) samples / rate));
            }
        }
        List<String> refused = new ArrayList<>();
        FeatureLoader loader = new FeatureLoader(FBANK, fastest, 1);
        for (CorpusUtterance utterance : utterances) {
            try {
                loader.augmented(utterance, 1);
            } catch (BadInputException e) {
                refused.add(utterance.id());
            }
        }
        assertTrue(refused.size() > 100 && refused.size() < 220, refused.size() + " are too short");
        List<CorpusCheck.Complaint> complaints = check().complaints(utterances, new CorpusCheck.Least(FBANK, speed, 1));
        assertEquals(
                refused,
                complaints.stream().map(complaint -> complaint.utterance().id()).toList());
        String first = complaints.getFirst().message();
        assertTrue(first.endsWith(" s are too short for a single frame of features at speed 1.1"), first);
    }

    @Test
    void tooShortForSomeFrames() throws IOException {
        Path sound = wav("a.wav", 8000, 8000);
        List<CorpusUtterance> utterances = List.of(utterance(sound, 0.5, 0.07), utterance(sound, 0.5, 0.06));
        assertEquals(
                List.of("train.jsonl:2: " + sound
                        + ": 0.06 s are too short: they make 6 frames of features, 7 are needed"),
                messages(check().complaints(utterances, new CorpusCheck.Least(FBANK, 1, 7))));
        assertThrows(IllegalArgumentException.class, () -> new CorpusCheck.Least(FBANK, 3, 1));
        assertThrows(IllegalArgumentException.class, () -> new CorpusCheck.Least(FBANK, 1, 0));
    }

    @Test
    void theNextCheckReadsNoHeaders() throws IOException {
        Path sound = wav("a.wav", 8000, 8000);
        List<CorpusUtterance> utterances = List.of(utterance(sound, 0, 1));
        assertEquals(List.of(), check().complaints(utterances, null));
        FileTime modified = Files.getLastModifiedTime(sound);
        Files.write(sound, new byte[(int) Files.size(sound)]);
        Files.setLastModifiedTime(sound, modified);
        assertEquals(List.of(), check().complaints(utterances, null));
        Files.delete(folder.resolve("index"));
        assertEquals(1, check().complaints(utterances, null).size());
    }
}
