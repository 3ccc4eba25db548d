package org.transducer4j.speech.token;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.CodePoints;
import org.transducer4j.speech.WhiteSpace;

/**
 * A {@code tokens.txt}, icefall's form: a line {@code piece id} each.
 *
 * @param pieces by id
 * @param lineOf the line of each piece, from 1
 */
record TokensFile(List<String> pieces, Map<String, Integer> lineOf) {
    /** Pieces as such a file. */
    static byte[] bytes(List<String> pieces) {
        StringBuilder lines = new StringBuilder();
        for (int id = 0; id < pieces.size(); id++) {
            lines.append(pieces.get(id)).append(' ').append(id).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads such a file, its lines in any order; the path is what messages name. */
    static TokensFile parse(byte[] bytes, Path file) {
        String text = text(bytes, file);
        // Some editors begin a file with a mark.
        return parse(text.startsWith("\ufeff<") ? text.substring(1) : text, file);
    }

    /**
     * Reads what {@link #bytes} made: line i is the piece with id i, whatever the piece holds. Vocabularies of before have pieces with white
     * space in them, or one piece twice, and are read all the same.
     */
    static TokensFile written(byte[] bytes, Path file) {
        String text = text(bytes, file);
        String[] lines = text.split("\n"); // without what is behind the last break
        List<String> pieces = new ArrayList<>();
        Map<String, Integer> lineOf = new HashMap<>();
        for (int id = 0; id < lines.length; id++) {
            String end = " " + id;
            if (!lines[id].endsWith(end) || lines[id].length() == end.length()) {
                return parse(text, file);
            }
            String piece = lines[id].substring(0, lines[id].length() - end.length());
            pieces.add(piece);
            lineOf.putIfAbsent(piece, id + 1);
        }
        return new TokensFile(pieces, lineOf);
    }

    private static String text(byte[] bytes, Path file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": isn't UTF-8 text", e);
        }
    }

    private static TokensFile parse(String text, Path file) {
        List<String> lines = text.lines().toList();
        Map<Integer, String> byId = new HashMap<>();
        Map<String, Integer> lineOf = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!WhiteSpace.only(lines.get(i))) {
                line(file, i + 1, lines.get(i), byId, lineOf);
            }
        }
        if (byId.isEmpty()) {
            throw new BadInputException(file + ": is empty: no tokens");
        }
        List<String> pieces = new ArrayList<>();
        for (int id = 0; id < byId.size(); id++) {
            String piece = byId.get(id);
            if (piece == null) {
                throw new BadInputException(
                        file + ": has " + byId.size() + " tokens but none with id " + id + "; ids must run from 0 on");
            }
            pieces.add(piece);
        }
        return new TokensFile(pieces, lineOf);
    }

    private static void line(
            Path file, int number, String line, Map<Integer, String> byId, Map<String, Integer> lineOf) {
        List<String> fields = WhiteSpace.words(line);
        if (fields.size() != 2) {
            throw BadInputException.at(
                    file,
                    number,
                    "want \"piece id\", got " + CodePoints.quoted(line.replaceAll("^[ \t]+|[ \t]+$", "")));
        }
        String piece = fields.getFirst();
        String last = fields.getLast();
        int id;
        try {
            id = Integer.parseInt(last);
        } catch (NumberFormatException e) {
            throw BadInputException.at(file, number, "want a number as id, got " + CodePoints.quoted(last));
        }
        if (id < 0) {
            throw BadInputException.at(file, number, "id must not be negative, got " + id);
        }
        if (byId.putIfAbsent(id, piece) != null) {
            throw BadInputException.at(file, number, "id " + id + " appears twice");
        }
        if (lineOf.putIfAbsent(piece, number) != null) {
            throw BadInputException.at(file, number, CodePoints.quoted(piece) + " appears twice");
        }
    }

    /** Where a piece stands. */
    int line(String piece) {
        return lineOf.getOrDefault(piece, 1);
    }
}
