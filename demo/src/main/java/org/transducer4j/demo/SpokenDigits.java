package org.transducer4j.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.Progress;
import org.transducer4j.speech.Seeds;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.Resampler;
import org.transducer4j.speech.corpus.NemoManifest;

/**
 * Connected digits from a synthesiser, for whoever has no data at hand. Every utterance has its own digits, rate, pitch,
 * gain and noise; the same seed makes the same files.
 */
public final class SpokenDigits {
    private static final List<String> DIGITS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final int SAMPLE_RATE = 8000;
    private static final int MOST_DIGITS = 6;

    private SpokenDigits() {}

    /**
     * Speaks utterances of 1 to 6 digits and writes them to 16-bit WAV files at 8 kHz, and a manifest of them.
     *
     * @param folder gets {@code manifest.jsonl} and {@code audio/}; what is there of those names is replaced
     * @param utterances how many
     * @param seed of all that is drawn
     * @param progress told after each utterance
     * @return the manifest
     * @throws BadInputException if the folder can't be written
     */
    public static Path speak(Path folder, int utterances, long seed, Progress progress) {
        Path manifest = folder.resolve("manifest.jsonl");
        Path audio = folder.resolve("audio");
        try {
            Files.createDirectories(audio);
            // Without its manifest a folder is nothing: one that is only half replaced isn't taken for whole.
            Files.deleteIfExists(manifest);
        } catch (IOException e) {
            throw BadInputException.unwritable(folder, e);
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        try (Synthesiser synthesiser = new Synthesiser()) {
            for (int i = 0; i < utterances; i++) {
                RandomGenerator random = Seeds.generator(seed, "spoken digits", 0, i);
                String text = digits(random);
                Audio sound = vary(synthesiser, text, random);
                String id = String.format(Locale.ROOT, "digits-%05d", i);
                AudioFiles.writeWav(audio.resolve(id + ".wav"), sound);
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("id", id);
                line.put("audio_filepath", "audio/" + id + ".wav");
                line.put("duration", sound.seconds());
                line.put("text", text);
                lines.add(line);
                progress.at(i + 1, utterances);
            }
        }
        NemoManifest.writeLines(manifest, lines);
        return manifest;
    }

    private static String digits(RandomGenerator random) {
        int count = random.nextInt(1, MOST_DIGITS + 1);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(DIGITS.get(random.nextInt(DIGITS.size())));
        }
        return String.join(" ", words);
    }

    private static Audio vary(Synthesiser synthesiser, String text, RandomGenerator random) {
        float rate = random.nextFloat(110, 190);
        float pitch = random.nextFloat(75, 150);
        float range = random.nextFloat(5, 25);
        float[] samples = Resampler.resample(synthesiser.speak(text, rate, pitch, range), SAMPLE_RATE)
                .samples();
        double energy = 0;
        for (float sample : samples) {
            energy += sample * sample;
        }
        double gain = amplitude(random.nextDouble(-15, 0));
        double noise = Math.sqrt(energy / samples.length) * amplitude(-random.nextDouble(10, 35));
        float[] noisy = new float[samples.length];
        for (int i = 0; i < samples.length; i++) {
            noisy[i] = (float) Math.clamp(gain * (samples[i] + noise * random.nextGaussian()), -1, 1);
        }
        return new Audio(noisy, SAMPLE_RATE);
    }

    private static double amplitude(double decibels) {
        return Math.pow(10, decibels / 20);
    }
}
