package org.transducer4j.asr.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.transducer4j.asr.criterion.TrainingUtterance;
import org.transducer4j.asr.score.WordErrors;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.AudioInfo;
import org.transducer4j.speech.corpus.Manifest;
import org.transducer4j.speech.corpus.ManifestEntry;
import org.transducer4j.speech.token.Tokens;

/**
 * The manifests of a training, everything in them checked before the first step: transcripts against the tokens, sound
 * files by their headers.
 *
 * @param train lines for training
 * @param valid lines for validation
 * @param sampleRate for a model of these data, in Hz
 * @param fingerprint of both manifests' bytes
 */
record TrainingData(List<ManifestEntry> train, List<ManifestEntry> valid, int sampleRate, long fingerprint) {
    private static final int NARROW = 8000;
    private static final int WIDE = 16000;

    static TrainingData read(Path train, Path valid) {
        List<ManifestEntry> trainEntries = Manifest.read(train);
        List<ManifestEntry> validEntries = Manifest.read(valid);
        Map<Path, AudioInfo> infos = new HashMap<>();
        check(trainEntries, infos);
        Set<Path> trainFiles = new HashSet<>(infos.keySet());
        check(validEntries, infos);
        boolean wide = trainFiles.stream().anyMatch(f -> info(infos, f).sampleRate() >= WIDE);
        return new TrainingData(
                trainEntries, validEntries, wide ? WIDE : NARROW, fingerprint(train) * 31 + fingerprint(valid));
    }

    private static AudioInfo info(Map<Path, AudioInfo> infos, Path file) {
        return infos.computeIfAbsent(file, AudioFiles::info);
    }

    private static void check(List<ManifestEntry> entries, Map<Path, AudioInfo> infos) {
        for (ManifestEntry entry : entries) {
            try {
                AudioInfo info = info(infos, entry.audio());
                if (info.samples() == 0) {
                    throw new BadInputException(entry.audio() + ": holds no samples");
                }
            } catch (BadInputException e) {
                throw e.from(entry.where());
            }
        }
    }

    private static long fingerprint(Path manifest) {
        try {
            CRC32C crc = new CRC32C();
            crc.update(Files.readAllBytes(manifest));
            return crc.getValue();
        } catch (IOException e) {
            throw BadInputException.unreadable(manifest, e);
        }
    }

    /** The tokens that the options ask for. */
    Tokens tokens(String choice) {
        return switch (choice) {
            case "word" -> Tokens.of(Tokens.Kind.WORD, train);
            case "char" -> Tokens.of(Tokens.Kind.CHARACTER, train);
            case "auto" -> {
                long words = train.stream()
                        .flatMap(e -> WordErrors.words(e.text()).stream())
                        .distinct()
                        .count();
                yield Tokens.of(words <= DataOptions.AUTO_WORDS ? Tokens.Kind.WORD : Tokens.Kind.CHARACTER, train);
            }
            default -> Tokens.read(Path.of(choice));
        };
    }

    /** All utterances with their labels; the first unknown token is an error. */
    LabelledData labelled(Tokens tokens) {
        return new LabelledData(labelled(train, tokens), labelled(valid, tokens));
    }

    private static List<TrainingUtterance> labelled(List<ManifestEntry> entries, Tokens tokens) {
        return entries.stream()
                .map(entry -> new TrainingUtterance(entry, tokens.encode(entry), null))
                .toList();
    }

    double trainSeconds() {
        return train.stream().mapToDouble(ManifestEntry::duration).sum();
    }

    /** Some training lines, evenly spread. */
    List<ManifestEntry> sample(int count) {
        int size = Math.min(count, train.size());
        return IntStream.range(0, size)
                .mapToObj(i -> train.get((int) ((long) i * train.size() / size)))
                .toList();
    }
}
