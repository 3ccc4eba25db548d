package org.transducer4j.bench.highlight;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.transducer4j.asr.train.ProcessMemory;
import org.transducer4j.loss.TransducerLoss;
import org.transducer4j.loss.input.Activation;
import org.transducer4j.loss.input.JointNetwork;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.input.LossResult;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Parameter;
import org.transducer4j.loss.input.Reduction;
import org.transducer4j.loss.input.Utterance;
import org.transducer4j.loss.method.MemoryBudget;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.OutputFolder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Loss and all gradients of a large random batch, exactly, in little more memory than its encoder and predictor outputs: each
 * utterance's gradients take the place of its outputs. The outputs lie in a file that is mapped into memory; a second file notes how many utterances are done, their
 * loss and the sums of the gradients of the output layer. A run whose process ended, by whatever means, goes on behind them.
 */
public final class Highlight implements AutoCloseable {
    private static final String OUTPUTS = "outputs";
    private static final String STATE = "state.json";
    private static final String LAYER = "layer.f4";

    /** Utterances of a call: the sums of gradients are unpacked once for all of them. */
    private static final int SLICE = 4;

    private final HighlightOptions options;
    private final Arena arena = Arena.ofShared();
    private final Matrix outputs;
    private final MemorySegment layer; // weight (V, H), bias (V), their gradients
    private State state;

    /**
     * What is done.
     *
     * @param done utterances
     * @param loss their sum
     * @param nodes of their lattices
     * @param seconds that they took
     * @param scratchBytes the most of the loss
     * @param processPeakBytes the most of the process
     * @param layer the file with the gradients of the output layer at this moment
     * @param shape what was asked for
     */
    private record State(
            int done,
            double loss,
            long nodes,
            double seconds,
            long scratchBytes,
            long processPeakBytes,
            String layer,
            String shape) {}

    /** Hears how it goes on. */
    public interface Listener {
        /**
         * After each few utterances.
         *
         * @param done utterances so far
         * @param of utterances in all
         * @param secondsLeft estimated
         */
        void progress(int done, int of, double secondsLeft);
    }

    private Highlight(HighlightOptions options) throws IOException {
        this.options = options;
        long rows = options.utterances() * options.rows();
        long bytes = rows * options.width() * options.format().bytes();
        checkSpace(bytes);
        OutputFolder.make(options.folder());
        try (FileChannel channel = FileChannel.open(
                path(OUTPUTS), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            outputs = new Matrix(
                    channel.map(MapMode.READ_WRITE, 0, bytes, arena), rows, options.width(), options.format());
        }
        layer = arena.allocate(2 * layerFloats() * Float.BYTES, Float.BYTES);
        state = begin();
    }

    /** A mapped file that finds no space when it is written to brings the process down. */
    private void checkSpace(long bytes) throws IOException {
        Path place = options.folder().toAbsolutePath();
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        long held = Files.exists(path(OUTPUTS)) ? Files.size(path(OUTPUTS)) : 0;
        long free = Files.getFileStore(place).getUsableSpace();
        if (bytes - held > free) {
            throw new BadInputException(
                    "%s: the outputs of %d utterances take %s, there is room for %s; take fewer utterances or another folder"
                            .formatted(
                                    options.folder(),
                                    options.utterances(),
                                    MemoryBudget.format(bytes),
                                    MemoryBudget.format(free)));
        }
    }

    /**
     * Computes what isn't done yet.
     *
     * @param options what and where
     * @param listener hears how it goes on
     * @return what came of it
     * @throws BadInputException if the folder can't be used or holds another batch
     */
    public static HighlightResult run(HighlightOptions options, Listener listener) {
        try (Highlight highlight = new Highlight(options)) {
            return highlight.run(listener);
        } catch (IOException e) {
            throw BadInputException.unwritable(options.folder(), e);
        }
    }

    private Path path(String name) {
        return options.folder().resolve(name);
    }

    private long layerFloats() {
        return options.vocabulary() * (options.width() + 1L);
    }

    private String shape() {
        return "B=%d T=%d U=%d V=%d H=%d %s"
                .formatted(
                        options.utterances(),
                        options.frames(),
                        options.labels(),
                        options.vocabulary(),
                        options.width(),
                        options.format());
    }

    private State begin() throws IOException {
        fill(layer(0, options.vocabulary(), options.width()), -1, 1 / Math.sqrt(options.width()));
        if (!Files.exists(path(STATE))) {
            return new State(0, 0, 0, 0, 0, -1, "", shape());
        }
        try {
            State found = JsonMapper.shared().readValue(Files.readString(path(STATE)), State.class);
            if (!found.shape().equals(shape())) {
                throw new BadInputException(options.folder() + ": holds a batch of " + found.shape() + ", this one is "
                        + shape() + "; take another folder");
            }
            MemorySegment.copy(
                    MemorySegment.ofArray(Files.readAllBytes(path(found.layer()))),
                    0,
                    layer,
                    layerFloats() * Float.BYTES,
                    layerFloats() * Float.BYTES);
            return found;
        } catch (JacksonException e) {
            throw new BadInputException(path(STATE) + ": isn't what this command wrote: " + e.getOriginalMessage(), e);
        }
    }

    /** Numbers of a normal distribution that depend on the index alone. */
    private static void fill(Matrix matrix, int index, double scale) {
        SplittableRandom random = new SplittableRandom(77 + index);
        float[] row = new float[matrix.columns()];
        for (long r = 0; r < matrix.rows(); r++) {
            for (int c = 0; c < row.length; c++) {
                row[c] = (float) (scale * random.nextGaussian());
            }
            matrix.write(r, row, 0);
        }
    }

    private HighlightResult run(Listener listener) throws IOException {
        // What was computed after the last note is made anew, too: its place may hold gradients already.
        for (int b = state.done(); b < options.utterances(); b++) {
            fill(outputs.rows(b * options.rows(), options.rows()), b, 1);
        }
        LossOptions how = LossOptions.defaults()
                .withThreads(options.threads())
                .withMemoryBudget(options.budget())
                .withOccupancyFloor(0);
        long noted = System.nanoTime();
        int before = state.done();
        double spent = 0;
        try (TransducerLoss loss = TransducerLoss.open(how)) {
            JointNetwork joint = joint();
            while (state.done() < options.utterances()) {
                long begin = System.nanoTime();
                List<Utterance> slice = new ArrayList<>();
                for (int b = state.done(); b < Math.min(options.utterances(), state.done() + SLICE); b++) {
                    slice.add(utterance(b));
                }
                LossResult result = loss.compute(joint, slice, Reduction.SUM);
                double seconds = (System.nanoTime() - begin) * 1e-9;
                spent += seconds;
                state = new State(
                        state.done() + slice.size(),
                        state.loss() + result.sum(),
                        state.nodes() + result.nodes(),
                        state.seconds() + seconds,
                        Math.max(state.scratchBytes(), result.peakScratchBytes()),
                        Math.max(state.processPeakBytes(), ProcessMemory.peakBytes()),
                        state.layer(),
                        state.shape());
                boolean last = state.done() == options.utterances();
                if (last || System.nanoTime() - noted > options.saveSeconds() * 1e9) {
                    note();
                    noted = System.nanoTime();
                }
                double each = spent / (state.done() - before);
                listener.progress(state.done(), options.utterances(), each * (options.utterances() - state.done()));
            }
        }
        return result();
    }

    private JointNetwork joint() {
        return new JointNetwork(
                Activation.TANH,
                new Parameter(
                        layer(0, options.vocabulary(), options.width()),
                        layer(1, options.vocabulary(), options.width())),
                new Parameter(layer(0, 1, options.vocabulary()), layer(1, 1, options.vocabulary())));
    }

    /** Weight or bias (the one with a single row), value (0) or gradient (1). */
    private Matrix layer(int which, int rows, int columns) {
        long offset = which * layerFloats() + (rows == 1 ? (long) options.vocabulary() * options.width() : 0);
        return new Matrix(layer.asSlice(offset * Float.BYTES, (long) rows * columns * Float.BYTES), rows, columns);
    }

    private Utterance utterance(int b) {
        long first = b * options.rows();
        int[] labels = new SplittableRandom(b)
                .ints(options.labels(), 1, options.vocabulary())
                .toArray();
        return new Utterance(
                "number " + b,
                Parameter.inPlace(outputs.rows(first, options.frames())),
                Parameter.inPlace(outputs.rows(first + options.frames(), options.labels() + 1L)),
                labels);
    }

    /** Gradients first, under a name of their own, then the note that counts them. */
    private void note() throws IOException {
        String name = state.layer().equals(LAYER) ? LAYER + ".2" : LAYER;
        Files.write(
                path(name),
                layer.asSlice(layerFloats() * Float.BYTES, layerFloats() * Float.BYTES)
                        .toArray(JAVA_BYTE));
        state = new State(
                state.done(),
                state.loss(),
                state.nodes(),
                state.seconds(),
                state.scratchBytes(),
                state.processPeakBytes(),
                name,
                state.shape());
        Path aside = path("." + STATE + ".tmp");
        Files.writeString(aside, JsonMapper.shared().writeValueAsString(state));
        Files.move(aside, path(STATE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private HighlightResult result() {
        double encoder = 0;
        double predictor = 0;
        for (int b = 0; b < options.utterances(); b++) {
            Utterance utterance = utterance(b);
            encoder += squares(utterance.encoder().value());
            predictor += squares(utterance.predictor().value());
        }
        double weight = squares(layer(1, options.vocabulary(), options.width()));
        return new HighlightResult(
                options.utterances(),
                state.loss(),
                state.nodes(),
                state.seconds(),
                6e-9 * state.nodes() * options.vocabulary() * options.width() / state.seconds(),
                state.scratchBytes(),
                outputs.data().byteSize(),
                Math.max(state.processPeakBytes(), ProcessMemory.peakBytes()),
                Math.sqrt(encoder),
                Math.sqrt(predictor),
                Math.sqrt(weight));
    }

    private static double squares(Matrix matrix) {
        double sum = 0;
        float[] row = new float[matrix.columns()];
        for (long r = 0; r < matrix.rows(); r++) {
            matrix.read(r, row, 0);
            for (float x : row) {
                sum += (double) x * x;
            }
        }
        return sum;
    }

    @Override
    public void close() {
        arena.close();
    }
}
