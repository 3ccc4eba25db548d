package org.transducer4j.bench.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.transducer4j.speech.BadInputException;

/** Lengths of utterances in a file: the heading T,U and a row for each. */
public final class LengthsFile {
    private LengthsFile() {}

    /**
     * Reads it.
     *
     * @param csv the file
     * @return lengths in the order of the rows
     * @throws BadInputException if it can't be read or a row isn't T,U, with file and line
     */
    public static List<Lengths> read(Path csv) {
        List<String> lines;
        try {
            lines = Files.readAllLines(csv);
        } catch (IOException e) {
            throw BadInputException.unreadable(csv, e);
        }
        if (lines.isEmpty() || !lines.getFirst().replace(" ", "").equalsIgnoreCase("T,U")) {
            throw BadInputException.at(
                    csv, 1, "want the heading T,U, got \"" + (lines.isEmpty() ? "" : lines.getFirst()) + "\"");
        }
        List<Lengths> lengths = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] parts = lines.get(i).split(",", -1);
            try {
                lengths.add(new Lengths(Integer.parseInt(parts[0].strip()), Integer.parseInt(parts[1].strip())));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw BadInputException.at(
                        csv, i + 1, "a row is T,U with T >= 1 and U >= 0, not \"" + lines.get(i) + "\"");
            }
        }
        return lengths;
    }

    /**
     * Batches in the order of the lengths; a last one that isn't full is left out.
     *
     * @param lengths of utterances
     * @param size utterances of a batch
     * @return views of the list
     */
    public static List<List<Lengths>> batches(List<Lengths> lengths, int size) {
        return IntStream.range(0, lengths.size() / size)
                .mapToObj(b -> lengths.subList(b * size, (b + 1) * size))
                .toList();
    }
}
