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

    /** Reads what such a file holds; the path is what messages name. */
    static TokensFile parse(byte[] bytes, Path file) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": isn't UTF-8 text", e);
        }
        List<String> lines = text.lines().toList();
        Map<Integer, String> byId = new HashMap<>();
        Map<String, Integer> lineOf = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
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
        String[] fields = line.strip().split("\\s+");
        if (fields.length != 2) {
            throw BadInputException.at(file, number, "want \"piece id\", got \"" + line.strip() + "\"");
        }
        int id;
        try {
            id = Integer.parseInt(fields[1]);
        } catch (NumberFormatException e) {
            throw BadInputException.at(file, number, "want a number as id, got \"" + fields[1] + "\"");
        }
        if (id < 0) {
            throw BadInputException.at(file, number, "id must not be negative, got " + id);
        }
        if (byId.putIfAbsent(id, fields[0]) != null) {
            throw BadInputException.at(file, number, "id " + id + " appears twice");
        }
        if (lineOf.putIfAbsent(fields[0], number) != null) {
            throw BadInputException.at(file, number, "\"" + fields[0] + "\" appears twice");
        }
    }

    /** Where a piece stands. */
    int line(String piece) {
        return lineOf.getOrDefault(piece, 1);
    }
}
