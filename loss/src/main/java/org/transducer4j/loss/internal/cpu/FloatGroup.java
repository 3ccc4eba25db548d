package org.transducer4j.loss.internal.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.transducer4j.loss.input.Matrix;
import org.transducer4j.loss.input.Posteriors;
import org.transducer4j.loss.internal.cpu.Workspace.Use;
import org.transducer4j.loss.kernel.Group;
import org.transducer4j.loss.kernel.Member;
import org.transducer4j.loss.lattice.BestPath;
import org.transducer4j.loss.lattice.LatticeOptions;

/**
 * Utterances through the joint network in float32. Rows pass in chunks: hidden values, product, log-sum-exp; and back:
 * the two products dh = dz W and dW += dz^T h, the sums to encoder and predictor. Inside a chunk a
 * thread takes some rows through all steps up to where rows are summed, while they are in its cache. Never in memory: hidden
 * values of more than a chunk, gradients of logits, a softmax.
 *
 * <p>Sums over rows run in the order of the rows, wherever chunks begin and end: what an utterance gets doesn't depend
 * on its neighbours.
 */
final class FloatGroup implements Group {
    /** Columns of the reductions that one task takes. */
    private static final int COLUMNS_A_TASK = 128;

    /** Where the gradient at a symbol is more than this times the factor of its row (HAT's blank can be), the row is multiplied out. */
    private static final float LARGEST_RATIO = 1e10f;

    private final FloatHead head;
    private final Operations operations;
    private final Products products;
    private final Workspace workspace;
    private final Workers workers;
    private final FloatMember[] members;
    private final @Nullable Aside aside;
    private final Chunk chunk;
    private final int vocabulary;
    private final int width;
    private final int stride;
    private final Strips logitStrips;
    private final Strips hiddenStrips;
    private final int scores;
    private final int strip;
    private final long bytesBeside;
    private double floor;

    /** Whether the tile holds kept rows only, one after the other: so after they were computed again. */
    private boolean dense;

    FloatGroup(FloatHead head, List<Member> taken, @Nullable Aside aside, int chunkRows, LatticeOptions options) {
        this.aside = aside;
        List<Member> group = aside == null ? taken : aside.members();
        this.head = head;
        operations = head.operations;
        products = head.products;
        workspace = head.workspace;
        workers = head.workers;
        vocabulary = head.vocabulary;
        width = head.width;
        stride = head.paddedWidth();
        logitStrips = head.logitStrips();
        hiddenStrips = head.hiddenStrips();
        scores = products.vectors(vocabulary);
        strip = operations.strip();
        chunk = new Chunk(chunkRows);
        members = new FloatMember[group.size()];
        var store = FloatLattice.Store.of(workspace);
        float[] predictor = workspace.floats(Use.PREDICTOR);
        long row = 0;
        long node = 0;
        long beside = 0;
        int offset = 0;
        for (int i = 0; i < members.length; i++) {
            Member member = group.get(i);
            var lattice = new FloatLattice(
                    member.band(), member.utterance().labels(), options, operations, store, Math.toIntExact(node));
            members[i] = new FloatMember(member.utterance(), member.rows(), lattice, row, offset);
            Matrix p = member.utterance().predictor().value();
            for (int u = 0; u < p.rows(); u++, offset += stride) {
                p.read(u, predictor, offset);
            }
            row += member.rows().nodes();
            node += FloatLattice.room(member.band(), operations);
            beside += FloatLattice.bytesBeside(member.band(), operations);
        }
        bytesBeside = beside;
        workspace.meter().take(bytesBeside);
    }

    /** Fills chunks with the rows of a tile, all of them in the first pass and then the kept ones, hands over each, and counts the rows. */
    private int forChunks(long firstRow, int rows, boolean first, Runnable action) {
        chunk.clear();
        int taken = 0;
        for (FloatMember member : members) {
            long from = Math.max(firstRow, member.firstRow);
            long to = Math.min(firstRow + rows, member.endRow());
            if (from >= to || (!first && !member.taken)) {
                continue;
            }
            int t = member.rows.frame(from - member.firstRow);
            for (long row = from; row < to; t++) {
                long frameRow = member.firstRow + member.rows.row(t);
                long end = Math.min(to, member.firstRow + member.rows.row(t + 1));
                for (; row < end; row++) {
                    int u = (int) (row - frameRow) + member.rows.begin(t);
                    boolean node = member.lattice.band.contains(t, u);
                    if (first || kept(member, t, u, node)) {
                        chunk.add(member, t, u, node, dense ? taken : (int) (row - firstRow));
                        taken++;
                        if (chunk.isFull()) {
                            action.run();
                            chunk.clear();
                        }
                    }
                }
            }
        }
        if (chunk.rows > 0) {
            action.run();
        }
        return taken;
    }

    /** Padding is there for a baseline that computes it; it has no occupancy, and the baseline drops nothing. */
    private boolean kept(FloatMember member, int t, int u, boolean node) {
        return floor == 0 || (node && member.lattice.occupancy(t, u) > floor);
    }

    @Override
    public void forward(long firstRow, int rows) {
        dense = false;
        float[] z = workspace.floats(Use.TILE);
        forChunks(
                firstRow,
                rows,
                true,
                () -> logits(r -> {
                    int at = logitStrips.at(chunk.tileRow[r]);
                    if (chunk.node[r]) {
                        chunk.member[r].lattice.score(chunk.frame[r], chunk.position[r], z, at, logitStrips, scores);
                    } else { // what a baseline that pads pays
                        float max = operations.max(z, at, logitStrips.step(), scores);
                        operations.exp(z, at, logitStrips.step(), scores, max);
                    }
                }));
    }

    @Override
    public int again(long firstRow, int rows) {
        dense = true;
        float[] z = workspace.floats(Use.TILE);
        return forChunks(
                firstRow,
                rows,
                false,
                () -> logits(r -> {
                    if (chunk.node[r]) {
                        int at = logitStrips.at(chunk.tileRow[r]);
                        chunk.member[r].lattice.exponentiate(
                                chunk.frame[r], chunk.position[r], z, at, logitStrips, scores);
                    }
                }));
    }

    /** The strips of the chunk, through one of the products with W. */
    private void forStrips(Products.StripsTask task) {
        products.forStrips(chunk.rows, (long) (width + vocabulary) * Float.BYTES, 2L * vocabulary * width, task);
    }

    private void forRows(int from, int to, Products.RowTask task) {
        products.forRows(from, to, chunk.rows, task);
    }

    /** z = W f(e + p) + b for the rows of the chunk, which stand one after the other in the tile, and what is to be done with each. */
    private void logits(Products.RowTask with) {
        float[] left = workspace.floats(Use.LEFT_STRIPS);
        float[] weight = workspace.floats(Use.WEIGHT_FORWARD);
        Products.Target z = products.strips(workspace.floats(Use.TILE), logitStrips.at(chunk.tileRow[0]), logitStrips);
        stageEncoder();
        forStrips((from, to) -> {
            forRows(from, to, r -> {
                activate(r, left, hiddenStrips.at(r), hiddenStrips.step());
                left[hiddenStrips.at(r) + hiddenStrips.column(width)] = 1;
            });
            products.multiply(from, to, vocabulary, width + 1, left, 0, hiddenStrips, weight, z);
            forRows(from, to, with);
        });
    }

    @Override
    public double[] solve() {
        double[] losses = new double[members.length];
        long nodes = 0;
        for (FloatMember member : members) {
            nodes += member.lattice.band.nodes();
        }
        workers.run(members.length, 200 * nodes, i -> losses[i] = members[i].lattice.solve());
        return losses;
    }

    @Override
    public List<BestPath> bestPaths() {
        BestPath[] paths = new BestPath[members.length];
        long rows = members[members.length - 1].endRow();
        workers.run(members.length, 50 * rows, i -> paths[i] = members[i].lattice.bestPath());
        return List.of(paths);
    }

    @Override
    public List<Posteriors> posteriors() {
        return Arrays.stream(members).map(member -> member.lattice.posteriors()).toList();
    }

    @Override
    public Kept keep(double floor, boolean[] take) {
        this.floor = floor;
        FloatMember last = members[members.length - 1];
        int end = last.predictorOffset + (last.lattice.band.labels() + 1) * stride;
        Arrays.fill(workspace.floats(Use.PREDICTOR_GRADIENT), 0, end, 0);
        long kept = 0;
        double leftOut = 0;
        for (int i = 0; i < members.length; i++) {
            FloatMember member = members[i];
            member.taken = take[i];
            if (!take[i]) {
                continue;
            }
            if (floor == 0) {
                kept += member.rows.nodes();
                continue;
            }
            for (int t = 0; t < member.lattice.band.frames(); t++) {
                for (int u = member.lattice.band.begin(t); u < member.lattice.band.end(t); u++) {
                    float occupancy = member.lattice.occupancy(t, u);
                    if (occupancy > floor) {
                        kept++;
                    } else {
                        leftOut += occupancy;
                    }
                }
            }
        }
        return new Kept(kept, leftOut);
    }

    @Override
    public void backward(long firstRow, int rows, float clamp) {
        forChunks(firstRow, rows, false, () -> backward(clamp));
    }

    /**
     * The gradient of a row's logits is factor e with e = exp(z - max) but for the next symbols: so dh = factor (e W) and dW += e^T (factor h),
     * and nobody writes it, neither in place of the logits nor anywhere else.
     */
    private void backward(float clamp) {
        boolean inPlace = chunk.fillsStrips(strip);
        float[] tile = workspace.floats(Use.TILE);
        float[] e = inPlace ? tile : workspace.floats(Use.KEPT_ROWS);
        int first = inPlace ? logitStrips.at(chunk.tileRow[0]) : 0;
        float[] hidden = workspace.floats(Use.HIDDEN);
        float[] left = workspace.floats(Use.LEFT_STRIPS);
        float[] weight = workspace.floats(Use.WEIGHT_BACKWARD);
        float[] hiddenGradient = workspace.floats(Use.HIDDEN_GRADIENT);
        Products.Target dh = products.rows(hiddenGradient, 0, stride);
        int lanes = operations.lanes();
        int ones = products.vectors(width + 1) / lanes;
        stageEncoder();
        forStrips((from, to) -> {
            if (inPlace) {
                readAhead(e, first, from, to);
            }
            forRows(from, to, r -> {
                int at = first + logitStrips.at(r);
                if (!inPlace) {
                    int z = logitStrips.at(chunk.tileRow[r]);
                    operations.scale(tile, z, logitStrips.step(), 1, e, at, logitStrips.step(), scores / lanes);
                }
                chunk.factor[r] = differentiate(r, e, at, clamp);
                activate(r, hidden, r * stride, lanes);
                hidden[r * stride + width] = 1;
                int scaled = hiddenStrips.at(r);
                int step = hiddenStrips.step();
                operations.scale(hidden, r * stride, lanes, chunk.factor[r], left, scaled, step, ones);
            });
            products.multiply(from, to, width, vocabulary, e, first, logitStrips, weight, dh);
        });
        if (head.wantsWeightGradient()) { // (dW db)^T += (h 1)^T dz
            products.addOuter(
                    width + 1,
                    vocabulary,
                    chunk.rows,
                    left,
                    hiddenStrips,
                    e,
                    first,
                    logitStrips,
                    head.weightGradient());
        }
        pushBack(hidden, hiddenGradient);
    }

    /** Reads strips from front to back, as memory likes it best, before the product reads them in an order of its own. */
    private void readAhead(float[] e, int first, int from, int to) {
        for (int i = from; i < to; i++) {
            // Kept for a moment, as the JIT compiler would leave out what nobody wants.
            chunk.factor[i * strip] =
                    operations.max(e, first + i * logitStrips.size(), operations.lanes(), logitStrips.size());
        }
    }

    /**
     * Sets what differs from exp(z - max) in the gradient of a row's logits.
     *
     * @return the factor that makes the gradient of the row
     */
    private float differentiate(int r, float[] e, int at, float clamp) {
        if (!chunk.node[r]) {
            return 0;
        }
        FloatLattice lattice = chunk.member[r].lattice;
        int t = chunk.frame[r];
        int u = chunk.position[r];
        float factor = lattice.factor(t, u);
        int symbol = lattice.blank();
        int blank = at + logitStrips.column(symbol);
        // Behind the last label there is none to set: blank is set once more.
        int label = u < lattice.labels.length ? at + logitStrips.column(lattice.labels[u]) : blank;
        float atBlank = lattice.blankGradient(t, u, e[blank], factor * e[blank]);
        float atLabel = label == blank ? atBlank : lattice.labelGradient(t, u, factor * e[label]);
        boolean fits = Math.max(Math.abs(atBlank), Math.abs(atLabel)) <= LARGEST_RATIO * factor;
        if (clamp > 0 || !fits) {
            int lanes = operations.lanes();
            operations.scale(e, at, logitStrips.step(), factor, e, at, logitStrips.step(), scores / lanes);
            e[blank] = atBlank;
            e[label] = atLabel;
            for (int i = at; i < at + scores * strip; i += logitStrips.step()) {
                Clamp.apply(e, i, lanes, clamp);
            }
            return 1;
        }
        if (factor > 0) {
            e[blank] = atBlank / factor;
            e[label] = atLabel / factor;
        }
        return factor;
    }

    /** dh through f to the encoder output of each frame and the predictor output of each position, by columns. */
    private void pushBack(float[] hidden, float[] hiddenGradient) {
        float[] toEncoder = workspace.floats(Use.ENCODER_GRADIENT);
        float[] toPredictor = workspace.floats(Use.PREDICTOR_GRADIENT);
        stage(true, toEncoder);
        int columns = products.vectors(width);
        int tasks = (columns + COLUMNS_A_TASK - 1) / COLUMNS_A_TASK;
        workers.run(tasks, 8L * chunk.rows * width, task -> {
            int from = task * COLUMNS_A_TASK;
            int n = Math.min(columns, from + COLUMNS_A_TASK) - from;
            for (int r = 0; r < chunk.rows; r++) {
                if (!chunk.node[r]) {
                    continue;
                }
                int d = r * stride + from;
                int e = chunk.slot[r] * stride + from;
                int p = chunk.member[r].predictorOffset + chunk.position[r] * stride + from;
                float f = chunk.factor[r];
                switch (head.joint.activation()) {
                    case TANH ->
                        operations.addTanhGradient(hidden, hiddenGradient, d, f, toEncoder, e, toPredictor, p, n);
                    case RELU ->
                        operations.addReluGradient(hidden, hiddenGradient, d, f, toEncoder, e, toPredictor, p, n);
                    case SIGMOID ->
                        operations.addSigmoidGradient(hidden, hiddenGradient, d, f, toEncoder, e, toPredictor, p, n);
                }
            }
        });
        for (int s = 0; s < chunk.slots; s++) {
            int row = chunk.slotRow[s];
            Matrix gradient = chunk.member[row].utterance.encoder().gradient();
            if (gradient != null && chunk.frame[row] < gradient.rows()) {
                gradient.write(chunk.frame[row], toEncoder, s * stride);
            }
        }
    }

    private void stageEncoder() {
        stage(false, workspace.floats(Use.ENCODER));
    }

    /** Copies the encoder outputs of the chunk's frames, or what their gradients have come to so far. */
    private void stage(boolean gradients, float[] to) {
        for (int s = 0; s < chunk.slots; s++) {
            int row = chunk.slotRow[s];
            FloatMember member = chunk.member[row];
            Matrix from = gradients
                    ? member.utterance.encoder().gradient()
                    : member.utterance.encoder().value();
            if (from != null) {
                from.read(member.encoderRow(chunk.frame[row]), to, s * stride);
            }
        }
    }

    /** f(e + p) of a row, vectors a step apart. */
    private void activate(int r, float[] hidden, int to, int step) {
        FloatMember member = chunk.member[r];
        float[] encoder = workspace.floats(Use.ENCODER);
        float[] predictor = workspace.floats(Use.PREDICTOR);
        int e = chunk.slot[r] * stride;
        int p = member.predictorOffset + member.predictorRow(chunk.position[r]) * stride;
        int n = products.vectors(width);
        switch (head.joint.activation()) {
            case TANH -> operations.tanh(encoder, e, predictor, p, hidden, to, step, n);
            case RELU -> operations.relu(encoder, e, predictor, p, hidden, to, step, n);
            case SIGMOID -> operations.sigmoid(encoder, e, predictor, p, hidden, to, step, n);
        }
    }

    @Override
    public void finish() {
        for (FloatMember member : members) {
            for (int u = 0; u <= member.lattice.band.labels() && member.taken; u++) {
                FloatHead.add(
                        workspace.floats(Use.PREDICTOR_GRADIENT),
                        member.predictorOffset + u * stride,
                        1,
                        member.utterance.predictor().gradient(),
                        (long) u * width,
                        width);
            }
        }
        if (aside != null) {
            aside.moveIntoPlace();
        }
    }

    @Override
    public void close() {
        workspace.meter().give(bytesBeside); // the workspace keeps its arrays for the next group
    }
}
