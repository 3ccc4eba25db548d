package org.transducer4j.asr.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.transducer4j.speech.Audio;
import org.transducer4j.speech.AudioFiles;

/** A tiny language of tones: each word is a pitch. */
public final class ToneCorpus {
    private static final int RATE = 8000;
    private static final Map<String, Integer> PITCH = new TreeMap<>(Map.of("low", 300, "mid", 800, "high", 2000));

    private ToneCorpus() {}

    /** Writes utterances of 1 to 3 words and their manifest; returns the manifest. */
    public static Path write(Path folder, String name, int utterances, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        String[] words = PITCH.keySet().toArray(String[]::new);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < utterances; i++) {
            int count = 1 + random.nextInt(3);
            StringBuilder text = new StringBuilder();
            float[] samples = new float[400 + count * 2000];
            for (int w = 0; w < count; w++) {
                String word = words[random.nextInt(words.length)];
                text.append(w == 0 ? "" : " ").append(word);
                for (int n = 0; n < 1500; n++) {
                    samples[400 + w * 2000 + n] = (float) (0.3 * Math.sin(2 * Math.PI * PITCH.get(word) * n / RATE));
                }
            }
            for (int n = 0; n < samples.length; n++) {
                samples[n] += (float) (0.001 * random.nextGaussian());
            }
            String file = name + "-" + i + ".wav";
            AudioFiles.writeWav(folder.resolve(file), new Audio(samples, RATE));
            lines.append("{\"id\": \"%s-%d\", \"audio_filepath\": \"%s\", \"duration\": %s, \"text\": \"%s\"}\n"
                    .formatted(name, i, file, samples.length / (double) RATE, text));
        }
        Path manifest = folder.resolve(name + ".jsonl");
        Files.writeString(manifest, lines.toString());
        return manifest;
    }
}
