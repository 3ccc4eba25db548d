package org.transducer4j.toy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.corpus.CorpusReader;
import org.transducer4j.speech.corpus.CorpusUtterance;
import org.transducer4j.speech.corpus.Origin;
import org.transducer4j.speech.corpus.Sound;

/** A form of corpora from outside: a file, or {@value #INDEX} in a folder, with {@value #MARK} and then a line {@code id|sound|seconds|speaker|mood|text} each. */
public final class ToyCorpus implements CorpusReader {
    private static final String MARK = "toy corpus";
    private static final String INDEX = "index.txt";

    private static Path file(Path path) {
        return Files.isDirectory(path) ? path.resolve(INDEX) : path;
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public boolean recognises(Path path) throws IOException {
        if (!Files.isRegularFile(file(path))) {
            return false;
        }
        try (BufferedReader reader = Files.newBufferedReader(file(path))) {
            return MARK.equals(reader.readLine());
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public List<CorpusUtterance> read(Path path) throws IOException {
        Path file = file(path);
        List<String> lines = Files.readAllLines(file);
        List<CorpusUtterance> utterances = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] fields = lines.get(i).split("\\|", -1);
            if (fields.length != 6) {
                throw BadInputException.at(file, i + 1, "want 6 fields, got " + fields.length);
            }
            utterances.add(new CorpusUtterance(
                    fields[0],
                    new Sound(file.resolveSibling(fields[1]), 0, Double.parseDouble(fields[2])),
                    fields[5],
                    fields[3],
                    Map.of("mood", fields[4]),
                    new Origin(file, i + 1)));
        }
        return utterances;
    }
}
