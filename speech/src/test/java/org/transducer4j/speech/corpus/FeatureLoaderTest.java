package org.transducer4j.speech.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Fixtures;
import org.transducer4j.speech.SharedData;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.feature.AugmentOptions;
import org.transducer4j.speech.feature.FbankOptions;
import org.transducer4j.speech.feature.Features;

class FeatureLoaderTest {
    @TempDir
    Path folder;

    @Test
    void orderAndThreadsDontMatter() throws Exception {
        List<CorpusUtterance> clips = CorpusReader.open(Fixtures.clips(folder, List.of("ann", "bob"), 5));
        AugmentOptions options = AugmentOptions.defaults(40);
        FeatureLoader loader = new FeatureLoader(FbankOptions.defaults(8000), options, 3);
        List<float[]> once = clips.stream()
                .map(clip -> loader.augmented(clip, 2).features().values())
                .toList();
        FeatureLoader other = new FeatureLoader(FbankOptions.defaults(8000), options, 3);
        other.augmented(clips.getLast(), 1);
        IntStream.range(0, clips.size())
                .parallel()
                .forEach(i -> assertArrayEquals(
                        once.get(i), other.augmented(clips.get(i), 2).features().values()));
        assertFalse(Arrays.equals(
                once.getFirst(), other.augmented(clips.getFirst(), 3).features().values()));
    }

    /** An epoch cut into batches; the features of each utterance, by its id. */
    private static Map<String, float[]> drawn(List<CorpusUtterance> clips, double maxDuration, int buckets, long seed) {
        FeatureLoader loader = new FeatureLoader(FbankOptions.defaults(8000), AugmentOptions.defaults(40), 3);
        Map<String, float[]> drawn = new HashMap<>();
        for (List<CorpusUtterance> batch :
                new BucketBatches<>(clips, CorpusUtterance::duration, maxDuration, buckets, seed).epoch(2)) {
            for (CorpusUtterance clip : batch) {
                drawn.put(clip.id(), loader.augmented(clip, 2).features().values());
            }
        }
        return drawn;
    }

    @Test
    void anUtteranceIsVariedAlikeHoweverBatchesAreCut() throws Exception {
        List<CorpusUtterance> clips = CorpusReader.open(Fixtures.clips(folder, List.of("ann", "bob"), 5));
        Map<String, float[]> single = drawn(clips, 0.01, 1, 1);
        assertEquals(clips.size(), single.size());
        for (Map<String, float[]> other :
                List.of(drawn(clips, 0.2, 3, 1), drawn(clips, 100, 1, 7), drawn(clips.reversed(), 0.35, 2, 9))) {
            assertEquals(single.keySet(), other.keySet());
            single.forEach((id, values) -> assertArrayEquals(values, other.get(id), id));
        }
        // What is drawn differs from one utterance to the next, also where the sound is the same.
        CorpusUtterance first = clips.getFirst();
        FeatureLoader loader = new FeatureLoader(FbankOptions.defaults(8000), AugmentOptions.defaults(40), 3);
        CorpusUtterance twin = new CorpusUtterance(
                "twin",
                first.sound(),
                first.text(),
                null,
                Map.of(),
                new Origin(first.origin().file(), 99));
        CorpusUtterance withoutLine = new CorpusUtterance(
                "other",
                first.sound(),
                first.text(),
                null,
                Map.of(),
                new Origin(first.origin().file(), 0));
        float[] drawn = single.get(first.id());
        assertFalse(Arrays.equals(drawn, loader.augmented(twin, 2).features().values()));
        assertFalse(
                Arrays.equals(drawn, loader.augmented(withoutLine, 2).features().values()));
    }

    @Test
    void resampledToTheModel() throws Exception {
        CorpusUtterance clip =
                CorpusReader.open(Fixtures.clips(folder, List.of("ann"), 1)).getFirst();
        FeatureLoader loader = new FeatureLoader(FbankOptions.defaults(16000), null, 1);
        Features features = loader.load(clip);
        assertEquals(5, features.frames());
        assertEquals(80, features.bins());
        assertArrayEquals(
                features.values(), loader.augmented(clip, 1).features().values());
    }

    @Test
    void troubleNamesTheLine() throws Exception {
        Path manifest = Files.writeString(folder.resolve("m.jsonl"), """
                {"audio_filepath": "gone.wav", "duration": 1, "text": "a"}
                {"audio_filepath": "short.wav", "duration": 0.001, "text": "a"}
                {"audio_filepath": "short.wav", "duration": 1, "text": "a"}
                """);
        AudioFiles.writeWav(folder.resolve("short.wav"), new Audio(new float[8], 8000));
        List<CorpusUtterance> entries = CorpusReader.open(manifest);
        FeatureLoader loader = new FeatureLoader(FbankOptions.defaults(8000), null, 1);
        assertEquals(
                manifest + ":1: " + folder.resolve("gone.wav") + ": no such file",
                assertThrows(BadInputException.class, () -> loader.load(entries.get(0)))
                        .getMessage());
        assertTrue(assertThrows(BadInputException.class, () -> loader.load(entries.get(1)))
                .getMessage()
                .contains(":2: "));
        assertTrue(assertThrows(BadInputException.class, () -> loader.load(entries.get(2)))
                .getMessage()
                .contains("reach behind its end"));
    }

    @Test
    void realSpeech() {
        List<CorpusUtterance> clips = CorpusReader.open(SharedData.need("fsdd/clips.jsonl"));
        FeatureLoader loader = new FeatureLoader(FbankOptions.defaults(8000), null, 1);
        for (CorpusUtterance clip : clips.subList(0, 20)) {
            Features features = loader.load(clip);
            assertEquals(Math.round(clip.duration() * 100), features.frames(), 1);
            for (float value : features.values()) {
                assertTrue(value > -24 && value < 12, "value " + value);
            }
        }
    }
}
