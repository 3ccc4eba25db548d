package org.transducer4j.bench.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.transducer4j.loss.input.Scratch;
import org.transducer4j.loss.method.MemoryBudget;

/** Plans for people. */
public final class PlanText {
    private static final String ROW = "%-12s %15s %10s %10s %10s %10s %10s %11s %11s  %-4s %10s %9s";

    private PlanText() {}

    /**
     * The table of methods and what to change where one doesn't fit.
     *
     * @param plans of each method
     * @return lines
     */
    public static List<String> table(List<MethodPlan> plans) {
        List<String> lines = new ArrayList<>();
        MethodPlan first = plans.getFirst();
        lines.add("inputs with their gradients: encoder outputs %s, predictor outputs %s, output layer %s"
                .formatted(bytes(first.encoder()), bytes(first.predictor()), bytes(first.head())));
        lines.add("");
        lines.add(ROW.formatted(
                "method",
                "nodes",
                "logits",
                "hidden",
                "lattice",
                "weights",
                "predictor",
                "scratch",
                "total",
                "fits",
                "operations",
                "time"));
        for (MethodPlan plan : plans) {
            Scratch scratch = plan.scratch().plus(plan.simpleScratch());
            lines.add(ROW.formatted(
                    plan.method() + (plan.exact() ? "" : " ~"),
                    number(plan.nodes()),
                    bytes(scratch.logits()),
                    bytes(scratch.hidden()),
                    bytes(scratch.lattice()),
                    bytes(scratch.weights()),
                    bytes(scratch.predictor()),
                    bytes(plan.scratchBytes()),
                    bytes(plan.totalBytes()),
                    plan.fits() ? "yes" : "NO",
                    operations(plan.operations()),
                    time(plan.seconds())));
        }
        lines.add("");
        lines.add(
                "~ another loss than the one over all paths; pruned with its simple joiner, whose scores are in the total");
        for (MethodPlan plan : plans) {
            for (String advice : plan.advice()) {
                // The loss begins some of its sentences with the method's name.
                lines.add((advice.startsWith(plan.method()) ? "" : plan.method() + ": ") + advice);
            }
        }
        return lines;
    }

    /**
     * The arithmetic, to be followed with a pencil.
     *
     * @param batch the utterances
     * @param size of the joint network
     * @param plans of each method
     * @return lines
     */
    public static List<String> explain(List<Lengths> batch, HeadSize size, List<MethodPlan> plans) {
        int b = batch.size();
        int t = batch.stream().mapToInt(Lengths::frames).max().orElseThrow();
        int u = batch.stream().mapToInt(Lengths::labels).max().orElseThrow();
        long v = size.vocabulary();
        long h = size.width();
        List<String> lines = new ArrayList<>();
        lines.add("B = %s utterances, T <= %s frames, U <= %s labels, V = %s symbols, H = %s, float32 (4 bytes)"
                .formatted(number(b), number(t), number(u), number(v), number(h)));
        lines.add(product("logits of the padded batch, B T (U+1) V 4", b, t, u + 1L, v, 4));
        lines.add(product("  with U label positions, as often quoted, B T U V 4", b, t, u, v, 4));
        lines.add(product("encoder outputs and gradients, 2 B T H 4", 2, b, t, h, 4));
        lines.add(product("predictor outputs and gradients, 2 B (U+1) H 4", 2, b, u + 1L, h, 4));
        lines.add(product("output layer and gradients, 2 V (H+1) 4", 2, v, h + 1, 4));
        for (MethodPlan plan : plans) {
            lines.add("");
            lines.add(plan.method() + ":");
            lines.add(product("  logits of a tile, nodes V 4", plan.tileNodes(), v, 4)
                    + held(plan.scratch().logits(), plan.tileNodes() * v * 4));
            lines.add("  hidden values of a chunk of rows, packed for the products: "
                    + bytes(plan.scratch().hidden()));
            lines.add("  lattices of the utterances in flight (edges, normalisers, forward scores): "
                    + bytes(plan.scratch().lattice()));
            lines.add("  weights packed for each product and the sum of their gradients: "
                    + bytes(plan.scratch().weights()));
            lines.add("  predictor outputs of the utterances in flight and their gradients: "
                    + bytes(plan.scratch().predictor()));
            String simple = "";
            if (plan.simpleNodes() > 0) {
                lines.add(product("  simple joiner's scores and gradients, 2 B (T+U+1) V 4", 2, b, t + u + 1L, v, 4));
                lines.add("  simple joiner's lattice, exponentials and sums of the longest utterance: "
                        + bytes(plan.simpleScratch().bytes()));
                simple = ", 3 of 2 V for each of %s nodes of the simple joiner".formatted(number(plan.simpleNodes()));
            }
            lines.add("  operations: 3 products of 2 V H for each of %s nodes and a fourth for %s computed again%s = %s"
                    .formatted(number(plan.nodes()), number(plan.nodesAgain()), simple, operations(plan.operations())));
        }
        return lines;
    }

    private static String held(long held, long expected) {
        return held == expected ? "" : "; held " + bytes(held) + ", rounded up to the kernels' blocks";
    }

    private static String product(String what, long... factors) {
        StringBuilder text = new StringBuilder(what).append(" = ");
        long bytes = 1;
        for (int i = 0; i < factors.length; i++) {
            text.append(i == 0 ? "" : " x ").append(number(factors[i]));
            bytes *= factors[i];
        }
        return text.append(" = ")
                .append(String.format(Locale.ROOT, "%s bytes (%s, %s)", number(bytes), decimal(bytes), bytes(bytes)))
                .toString();
    }

    private static String decimal(long bytes) {
        return bytes >= 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static String bytes(long bytes) {
        return MemoryBudget.format(bytes);
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String operations(double operations) {
        String[] units = {"", "k", "M", "G", "T", "P", "E"};
        int unit = operations < 1 ? 0 : Math.min(units.length - 1, (int) (Math.log10(operations) / 3));
        return String.format(Locale.ROOT, "%.1f %sFLOP", operations / Math.pow(1000, unit), units[unit]);
    }

    private static String time(double seconds) {
        if (Double.isNaN(seconds)) {
            return "?";
        }
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * 1000);
        }
        if (seconds < 120) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return seconds < 7200
                ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
