package org.transducer4j.bench.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.transducer4j.speech.BadInputException;

/**
 * A batch to measure: B utterances of 60 to 100 % of T frames and U labels.
 *
 * @param batch B
 * @param frames T of the longest
 * @param labels U of the longest
 * @param size V and H
 */
public record HeadShape(int batch, int frames, int labels, HeadSize size) {
    /** Utterances of a batch at most. */
    public static final int MOST = 100_000;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is too small or too large
     */
    public HeadShape {
        if (batch < 1) {
            throw new IllegalArgumentException("a shape needs B >= 1, not " + batch);
        }
        if (batch > MOST) {
            throw new IllegalArgumentException("a shape needs B <= " + MOST + ", not " + batch);
        }
        new Lengths(frames, labels); // checks
    }

    /**
     * Reads B,T,U,V,H.
     *
     * @param text five numbers
     * @return the shape
     * @throws IllegalArgumentException if it is none
     */
    public static HeadShape parse(String text) {
        String[] parts = text.strip().split(",", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException("a shape is B,T,U,V,H, not \"" + text + "\"");
        }
        int[] numbers = new int[5];
        for (int i = 0; i < 5; i++) {
            try {
                numbers[i] = Integer.parseInt(parts[i].strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("a shape is B,T,U,V,H in whole numbers, not \"" + text + "\"", e);
            }
        }
        return new HeadShape(numbers[0], numbers[1], numbers[2], new HeadSize(numbers[3], numbers[4]));
    }

    /**
     * Reads a shape, or a file with one a line.
     *
     * @param text B,T,U,V,H or a file's path
     * @return the shapes
     * @throws IllegalArgumentException if it is neither, with file and line
     * @throws BadInputException if the file can't be read
     */
    public static List<HeadShape> parseAll(String text) {
        Path file = Path.of(text);
        if (!Files.isRegularFile(file)) {
            return List.of(parse(text));
        }
        List<HeadShape> shapes = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                try {
                    shapes.add(parse(lines.get(i)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return shapes;
    }

    /**
     * Lengths: the first utterance is the longest, the others have 60 to 100 % of its frames and labels.
     *
     * @param seed of what is drawn
     * @return as many as the batch has utterances
     */
    public List<Lengths> draw(long seed) {
        Random random = new Random(seed);
        List<Lengths> lengths = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            double t = b == 0 ? 1 : 0.6 + 0.4 * random.nextDouble();
            double u = b == 0 ? 1 : 0.6 + 0.4 * random.nextDouble();
            lengths.add(new Lengths((int) Math.ceil(t * frames), (int) Math.ceil(u * labels)));
        }
        return lengths;
    }

    /**
     * Batches of given lengths, in their order: rows "T,U" after a heading, B to a batch, a last one that isn't full left
     * out.
     *
     * @param csv the file
     * @param firstBatch number of the first, from 0
     * @param lastBatch number of the last
     * @return the batches
     * @throws IllegalArgumentException if the file has fewer
     * @throws BadInputException if it can't be read
     */
    public List<List<Lengths>> read(Path csv, int firstBatch, int lastBatch) {
        List<Lengths> rows = LengthsFile.read(csv);
        List<List<Lengths>> batches = LengthsFile.batches(rows, batch);
        if (batches.size() <= lastBatch) {
            throw new IllegalArgumentException(csv + ": " + rows.size() + " rows make " + batches.size()
                    + " batches of " + batch + ", there is no batch " + lastBatch);
        }
        return batches.subList(firstBatch, lastBatch + 1);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw BadInputException.unreadable(file, e);
        }
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return batch + "," + frames + "," + labels + "," + size.vocabulary() + "," + size.width();
    }
}
