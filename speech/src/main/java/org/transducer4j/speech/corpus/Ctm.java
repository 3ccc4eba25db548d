package org.transducer4j.speech.corpus;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.CodePoints;
import org.transducer4j.speech.WhiteSpace;
import org.transducer4j.speech.WholeFile;

/**
 * When words are said, in NIST's CTM form: a line {@code utterance channel start duration word [confidence]} each, times in
 * seconds from the beginning of the utterance, in their order; {@code ;;} begins a comment.
 */
public final class Ctm {
    private final Path file;
    private final Map<String, List<Word>> words;

    /**
     * A word.
     *
     * @param text how it is written
     * @param start seconds from the beginning of the utterance
     * @param duration seconds
     */
    public record Word(String text, double start, double duration) {}

    private Ctm(Path file, Map<String, List<Word>> words) {
        this.file = file;
        this.words = words;
    }

    /**
     * @param file a CTM file
     * @return its words
     * @throws BadInputException naming the file, and the line where there is one
     */
    public static Ctm read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": isn't UTF-8 text", e);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
        Map<String, List<Word>> words = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = WhiteSpace.strip(lines.get(i));
            if (!line.isEmpty() && !line.startsWith(";;")) {
                add(file, i + 1, line, words);
            }
        }
        if (words.isEmpty()) {
            throw new BadInputException(file + ": is empty: no words");
        }
        return new Ctm(file, words);
    }

    private static void add(Path file, int number, String line, Map<String, List<Word>> words) {
        String[] fields = WhiteSpace.words(line).toArray(String[]::new);
        if (fields.length != 5 && fields.length != 6) {
            throw BadInputException.at(
                    file,
                    number,
                    "want \"utterance channel start duration word [confidence]\", got " + CodePoints.quoted(line));
        }
        double start = seconds(file, number, "start", fields[2]);
        double duration = seconds(file, number, "duration", fields[3]);
        List<Word> before = words.computeIfAbsent(fields[0], _ -> new ArrayList<>());
        if (!before.isEmpty() && start < before.getLast().start()) {
            throw BadInputException.at(
                    file,
                    number,
                    "\"" + fields[4] + "\" starts at " + start + " s, before the word in front of it ("
                            + before.getLast().start() + " s)");
        }
        before.add(new Word(fields[4], start, duration));
    }

    private static double seconds(Path file, int line, String what, String text) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw BadInputException.at(file, line, what + " must be seconds, 0 or more, got \"" + text + "\"");
        }
        return value;
    }

    /**
     * Writes a CTM file. It appears as a whole or not at all.
     *
     * @param file where to
     * @param utterances words by utterance
     * @throws BadInputException if it can't be written, or the name of an utterance has white space in it
     */
    public static void write(Path file, Map<String, List<Word>> utterances) {
        StringBuilder lines = new StringBuilder();
        utterances.forEach((utterance, words) -> {
            if (WhiteSpace.in(utterance)) {
                throw new BadInputException(file + ": can't hold utterance " + CodePoints.quoted(utterance)
                        + ": a CTM file's columns end at white space");
            }
            for (Word word : words) {
                lines.append(String.format(
                        Locale.ROOT, "%s 1 %.3f %.3f %s\n", utterance, word.start(), word.duration(), word.text()));
            }
        });
        WholeFile.write(file, lines.toString());
    }

    /**
     * @return where it was read from
     */
    public Path file() {
        return file;
    }

    /**
     * @param utterance its name
     * @return its words; none where it isn't in the file
     */
    public List<Word> words(String utterance) {
        return words.getOrDefault(utterance, List.of());
    }
}
