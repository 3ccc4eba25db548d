package org.transducer4j.speech.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.transducer4j.speech.BadInputException;

/** Splits a manifest in two: {@code train.jsonl} and {@code valid.jsonl}. The sound files stay where they are. */
public final class Split {
    private Split() {}

    /**
     * What was made.
     *
     * @param train the manifest to train on
     * @param trainUtterances its utterances
     * @param valid the manifest held out
     * @param validUtterances its utterances
     */
    public record Result(Path train, int trainUtterances, Path valid, int validUtterances) {}

    /**
     * @param manifest what to split
     * @param rule what to hold out
     * @param out folder to write to; made where it doesn't exist
     * @param overwrite whether manifests there may be replaced
     * @return what was made
     * @throws BadInputException if a side would be empty, the manifest can't be read or the folder can't be written
     */
    public static Result run(Path manifest, HoldOut rule, Path out, boolean overwrite) {
        List<CorpusUtterance> entries = CorpusReader.open(manifest);
        boolean[] held = rule.choose(entries);
        List<CorpusUtterance> train = new ArrayList<>();
        List<CorpusUtterance> valid = new ArrayList<>();
        for (int i = 0; i < held.length; i++) {
            (held[i] ? valid : train).add(entries.get(i));
        }
        if (valid.isEmpty() || train.isEmpty()) {
            throw new BadInputException(manifest + ": this split holds out " + valid.size() + " of " + entries.size()
                    + " utterances; each side needs one or more");
        }
        Path trainFile = out.resolve("train.jsonl");
        Path validFile = out.resolve("valid.jsonl");
        for (Path file : List.of(trainFile, validFile)) {
            if (Files.exists(file) && same(file, manifest)) {
                throw new BadInputException(file + ": is the manifest to split; write to another folder");
            }
            if (Files.exists(file) && !overwrite) {
                throw new BadInputException(file + ": exists; it is replaced only on request");
            }
        }
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw BadInputException.unwritable(out, e);
        }
        boolean replaced = Files.exists(trainFile);
        NemoManifest.write(trainFile, train);
        try {
            NemoManifest.write(validFile, valid);
        } catch (BadInputException e) {
            if (!replaced) {
                deleteQuietly(trainFile, e);
            }
            throw e;
        }
        return new Result(trainFile, train.size(), validFile, valid.size());
    }

    private static boolean same(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            throw BadInputException.unreadable(a, e);
        }
    }

    private static void deleteQuietly(Path file, BadInputException reason) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
