package org.transducer4j.speech.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.NewFolder;
import org.transducer4j.speech.Progress;
import org.transducer4j.speech.Seeds;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.audio.Audio;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.Resampler;

/**
 * Joins clips of the same speaker to longer utterances: the usual way to connected digits from a corpus of single ones.
 *
 * <p>The speakers take turns. For an utterance min to max transcripts are drawn, for each a clip of that speaker; 50 to
 * 200 ms of near-silence come in front and 30 to 150 ms after each clip. The near-silence is Gaussian noise at a level
 * drawn per utterance, 54 to 70 dB below full scale: digital silence would be a cue that no microphone gives.
 *
 * <p>The folder holds {@code manifest.jsonl} and {@code audio/}, 16-bit WAV at the clips' rate. A line has the usual
 * fields, and {@code clips}: id, text, start and end (seconds) of each.
 */
public final class Connect {
    private static final int FRONT_MIN_MS = 50;
    private static final int FRONT_MAX_MS = 200;
    private static final int GAP_MIN_MS = 30;
    private static final int GAP_MAX_MS = 150;
    private static final double QUIETEST_DB = -70;
    private static final double LOUDEST_DB = -54;

    /**
     * What was made.
     *
     * @param manifest the new manifest
     * @param utterances how many
     * @param seconds of sound
     * @param speakers how many
     * @param sampleRate in Hz
     * @param resampledClips clips of the manifest at another rate, which were resampled
     */
    public record Result(
            Path manifest, int utterances, double seconds, int speakers, int sampleRate, int resampledClips) {}

    private final ConnectOptions options;
    private final Path folder;
    private final int rate;

    private Connect(ConnectOptions options, Path folder, int rate) {
        this.options = options;
        this.folder = folder;
        this.rate = rate;
    }

    /**
     * Makes the utterances; the folder appears when all are there.
     *
     * @param options what to make
     * @param progress told after each utterance
     * @return what was made
     * @throws BadInputException if the clips can't be read or the folder can't be written
     */
    public static Result run(ConnectOptions options, Progress progress) {
        List<CorpusUtterance> clips = CorpusReader.open(options.manifest());
        Map<Path, Integer> rates = rates(clips);
        Map<Integer, Integer> clipsOfRate = new TreeMap<>();
        for (CorpusUtterance clip : clips) {
            clipsOfRate.merge(rates.getOrDefault(clip.sound().file(), 0), 1, Integer::sum);
        }
        int rate = clipsOfRate.entrySet().stream()
                .max(Map.Entry.comparingByValue(Comparator.<Integer>naturalOrder()))
                .orElseThrow()
                .getKey();
        Map<String, Map<String, List<CorpusUtterance>>> bySpeaker = new LinkedHashMap<>();
        for (CorpusUtterance clip : clips) {
            String speaker = clip.speaker() == null ? "" : clip.speaker();
            bySpeaker
                    .computeIfAbsent(speaker, s -> new LinkedHashMap<>())
                    .computeIfAbsent(WhiteSpace.strip(clip.text()), t -> new ArrayList<>())
                    .add(clip);
        }
        try (NewFolder folder = new NewFolder(options.out(), options.overwrite(), Set.of("audio", "manifest.jsonl"))) {
            double seconds = new Connect(options, folder.partial(), rate).all(bySpeaker, progress);
            folder.finish();
            return new Result(
                    options.out().resolve("manifest.jsonl"),
                    options.utterances(),
                    seconds,
                    bySpeaker.size(),
                    rate,
                    clips.size() - clipsOfRate.getOrDefault(rate, 0));
        }
    }

    /** Looks at each sound file once, so that a missing one is named before anything is written. */
    private static Map<Path, Integer> rates(List<CorpusUtterance> clips) {
        Map<Path, Integer> rates = new HashMap<>();
        for (CorpusUtterance clip : clips) {
            if (!rates.containsKey(clip.sound().file())) {
                try {
                    rates.put(
                            clip.sound().file(),
                            AudioFiles.sampleRate(clip.sound().file()));
                } catch (BadInputException e) {
                    throw e.from(clip.where());
                }
            }
        }
        return rates;
    }

    private double all(Map<String, Map<String, List<CorpusUtterance>>> bySpeaker, Progress progress) {
        Path audio = folder.resolve("audio");
        try {
            Files.createDirectory(audio);
        } catch (IOException e) {
            throw BadInputException.unwritable(audio, e);
        }
        List<String> speakers = List.copyOf(bySpeaker.keySet());
        List<Map<String, Object>> lines = new ArrayList<>();
        double seconds = 0;
        for (int i = 0; i < options.utterances(); i++) {
            String speaker = speakers.get(i % speakers.size());
            List<List<CorpusUtterance>> byText =
                    List.copyOf(bySpeaker.getOrDefault(speaker, Map.of()).values());
            RandomGenerator random = Seeds.generator(options.seed(), "connect", 0, i);
            seconds += one(i, speaker, byText, random, lines);
            progress.at(i + 1, options.utterances());
        }
        NemoManifest.writeLines(folder.resolve("manifest.jsonl"), lines);
        return seconds;
    }

    private double one(
            int index,
            String speaker,
            List<List<CorpusUtterance>> byText,
            RandomGenerator random,
            List<Map<String, Object>> lines) {
        int count = options.min() + random.nextInt(options.max() - options.min() + 1);
        double level = Math.pow(10, (QUIETEST_DB + random.nextDouble() * (LOUDEST_DB - QUIETEST_DB)) / 20);
        Joined joined = new Joined(rate);
        joined.silence(milliseconds(FRONT_MIN_MS, FRONT_MAX_MS, random), level, random);
        List<Map<String, Object>> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int c = 0; c < count; c++) {
            List<CorpusUtterance> same = byText.get(random.nextInt(byText.size()));
            CorpusUtterance clip = same.get(random.nextInt(same.size()));
            double start = joined.seconds();
            joined.append(Resampler.resample(clip.read(), rate).samples());
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("id", clip.id());
            part.put("text", WhiteSpace.strip(clip.text()));
            part.put("start", start);
            part.put("end", joined.seconds());
            parts.add(part);
            String words = WhiteSpace.strip(clip.text());
            text.append(text.isEmpty() || words.isEmpty() ? "" : " ").append(words);
            joined.silence(milliseconds(GAP_MIN_MS, GAP_MAX_MS, random), level, random);
        }
        String name = (speaker.isEmpty() ? "utterance" : speaker.replaceAll("[^\\p{Alnum}._-]", "_"))
                + String.format(Locale.ROOT, "-%05d", index);
        AudioFiles.writeWav(folder.resolve("audio").resolve(name + ".wav"), joined.audio());
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", name);
        line.put("audio_filepath", "audio/" + name + ".wav");
        line.put("duration", joined.seconds());
        line.put("text", text.toString());
        if (!speaker.isEmpty()) {
            line.put("speaker", speaker);
        }
        line.put("clips", parts);
        lines.add(line);
        return joined.seconds();
    }

    private static double milliseconds(int least, int most, RandomGenerator random) {
        return least + random.nextDouble() * (most - least);
    }

    /** Sound that grows. */
    private static final class Joined {
        private final int rate;
        private float[] samples = new float[1 << 15];
        private int size;

        Joined(int rate) {
            this.rate = rate;
        }

        double seconds() {
            return (double) size / rate;
        }

        Audio audio() {
            return new Audio(Arrays.copyOf(samples, size), rate);
        }

        void append(float[] more) {
            grow(more.length);
            System.arraycopy(more, 0, samples, size, more.length);
            size += more.length;
        }

        void silence(double milliseconds, double level, RandomGenerator random) {
            int count = (int) Math.round(milliseconds * rate / 1000);
            grow(count);
            for (int i = 0; i < count; i++) {
                samples[size++] = (float) (level * random.nextGaussian());
            }
        }

        private void grow(int more) {
            if (size + more > samples.length) {
                samples = Arrays.copyOf(samples, Math.max(2 * samples.length, size + more));
            }
        }
    }
}
