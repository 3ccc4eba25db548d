package org.transducer4j.speech.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.CodePoints;
import org.transducer4j.speech.Registry;

/** The readers that are registered, and the choice between them. */
final class CorpusReaders {
    private CorpusReaders() {}

    static Registry<CorpusReader> registry() {
        return Registry.of("corpus reader", ServiceLoader.load(CorpusReader.class), CorpusReader::name);
    }

    static List<CorpusUtterance> open(Path path) {
        CorpusReader reader = reader(path);
        List<CorpusUtterance> utterances;
        try {
            utterances = reader.read(path);
        } catch (IOException e) {
            throw BadInputException.unreadable(path, e);
        }
        if (utterances.isEmpty()) {
            throw new BadInputException(path + ": is empty: no utterances");
        }
        utterances.forEach(CorpusReaders::check);
        return utterances;
    }

    /** What would break the files that a training or a decoding writes is found where it can be named. */
    private static void check(CorpusUtterance utterance) {
        check(utterance, "id", utterance.id());
        check(utterance, "text", utterance.text());
        check(utterance, "speaker", utterance.speaker());
    }

    private static void check(CorpusUtterance utterance, String what, @Nullable String text) {
        String fault = text == null ? null : CodePoints.fault(text);
        if (fault != null) {
            throw new BadInputException(utterance.where() + ": \"" + what + "\" holds " + fault);
        }
    }

    private static CorpusReader reader(Path path) {
        Registry<CorpusReader> all = registry();
        boolean folder = Files.isDirectory(path);
        // From a pipe nothing can be read twice.
        if (folder || Files.isRegularFile(path)) {
            for (CorpusReader reader : all.all().stream().sorted(OWN_FIRST).toList()) {
                try {
                    if (reader.recognises(path)) {
                        return reader;
                    }
                } catch (IOException e) {
                    throw BadInputException.unreadable(path, e);
                }
            }
        }
        if (folder) {
            throw new BadInputException(path + ": is a folder that no corpus reader knows; there are: " + all.names());
        }
        return new NemoManifest();
    }

    private static final Comparator<CorpusReader> OWN_FIRST = Comparator.comparing(
            reader -> !reader.getClass().getPackageName().equals(CorpusReaders.class.getPackageName()));
}
