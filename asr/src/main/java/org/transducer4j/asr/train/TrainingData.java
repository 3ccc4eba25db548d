package org.transducer4j.asr.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.transducer4j.asr.criterion.TrainingUtterance;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.audio.AudioFiles;
import org.transducer4j.speech.audio.AudioInfo;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.token.Missing;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.speech.token.Tokenizers;

/**
 * The manifests of a training, everything in them checked before the first step: transcripts against the tokens, sound
 * files by their headers.
 *
 * @param train lines for training
 * @param valid lines for validation
 * @param sampleRate for a model of these data, in Hz
 * @param fingerprint of both manifests' bytes, or of the utterances where they are folders
 */
record TrainingData(List<CorpusUtterance> train, List<CorpusUtterance> valid, int sampleRate, long fingerprint) {
    private static final int NARROW = 8000;
    private static final int WIDE = 16000;

    static TrainingData read(Path train, Path valid) {
        List<CorpusUtterance> trainEntries = CorpusReader.open(train);
        List<CorpusUtterance> validEntries = CorpusReader.open(valid);
        Map<Path, AudioInfo> infos = new HashMap<>();
        check(trainEntries, infos);
        Set<Path> trainFiles = new HashSet<>(infos.keySet());
        check(validEntries, infos);
        boolean wide = trainFiles.stream().anyMatch(f -> info(infos, f).sampleRate() >= WIDE);
        return new TrainingData(
                trainEntries,
                validEntries,
                wide ? WIDE : NARROW,
                fingerprint(train, trainEntries) * 31 + fingerprint(valid, validEntries));
    }

    private static AudioInfo info(Map<Path, AudioInfo> infos, Path file) {
        return infos.computeIfAbsent(file, AudioFiles::info);
    }

    private static void check(List<CorpusUtterance> entries, Map<Path, AudioInfo> infos) {
        for (CorpusUtterance entry : entries) {
            try {
                AudioInfo info = info(infos, entry.sound().file());
                if (info.samples() == 0) {
                    throw new BadInputException(entry.sound().file() + ": holds no samples");
                }
            } catch (BadInputException e) {
                throw e.from(entry.where());
            }
        }
    }

    private static long fingerprint(Path manifest, List<CorpusUtterance> utterances) {
        try {
            CRC32C crc = new CRC32C();
            if (Files.isDirectory(manifest)) {
                utterances.forEach(utterance -> crc.update(
                        (utterance.id() + utterance.sound() + utterance.text()).getBytes(StandardCharsets.UTF_8)));
            } else {
                crc.update(Files.readAllBytes(manifest));
            }
            return crc.getValue();
        } catch (IOException e) {
            throw BadInputException.unreadable(manifest, e);
        }
    }

    /** The tokens that the options ask for. */
    Tokenizer tokens(String choice) {
        return Tokenizers.choose(choice, train);
    }

    /**
     * All utterances with their labels. What the training has no tokens for is an error that lists all of it. In validation the token for
     * what is unknown stands for it, where the tokenizer has one, and a warning lists it.
     */
    LabelledData labelled(Tokenizer tokens, Consumer<String> warning) {
        List<TrainingUtterance> trained = labelled(
                train,
                tokens,
                "Name tokens that have them (--tokens), write them otherwise, or take these utterances out");
        if (tokens.unknown().isPresent()) {
            Missing missing = Missing.of(valid, tokens);
            if (!missing.isEmpty()) {
                warning.accept(manifest(valid) + ": the validation has " + missing.list() + missing.normalisation()
                        + ". They can't be recognised: the WER counts them as errors, and the loss leaves these utterances out."
                        + " Give the training utterances that have them, or train on characters (--tokens char)");
                return new LabelledData(
                        trained,
                        valid.stream()
                                .map(entry ->
                                        new TrainingUtterance(entry, tokens.encodeWithUnknown(entry.text()), null))
                                .toList());
            }
        }
        return new LabelledData(
                trained,
                labelled(
                        valid,
                        tokens,
                        "Give the training utterances that have them (t4j prepare split --hold-out-fraction does), take these out"
                                + " of the validation, write them otherwise, or name tokens that have them (--tokens)"));
    }

    private static List<TrainingUtterance> labelled(List<CorpusUtterance> entries, Tokenizer tokens, String advice) {
        List<TrainingUtterance> labelled = new ArrayList<>();
        for (CorpusUtterance entry : entries) {
            try {
                labelled.add(new TrainingUtterance(entry, tokens.encode(entry), null));
            } catch (BadInputException e) {
                Missing missing = Missing.of(entries, tokens);
                throw missing.isEmpty() ? e : missing.refusal(manifest(entries), e, advice);
            }
        }
        return labelled;
    }

    private static Path manifest(List<CorpusUtterance> entries) {
        return entries.getFirst().origin().file();
    }

    double trainSeconds() {
        return train.stream().mapToDouble(CorpusUtterance::duration).sum();
    }

    /** Some training lines, evenly spread. */
    List<CorpusUtterance> sample(int count) {
        int size = Math.min(count, train.size());
        return IntStream.range(0, size)
                .mapToObj(i -> train.get((int) ((long) i * train.size() / size)))
                .toList();
    }
}
