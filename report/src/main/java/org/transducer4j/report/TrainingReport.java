package org.transducer4j.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.transducer4j.speech.BadInputException;
import tools.jackson.databind.JsonNode;

/** How a training went: what its metrics.jsonl holds. */
final class TrainingReport {
    static final String METRICS = "metrics.jsonl";

    /** Points of a curve: more than a screen has don't show. */
    private static final int POINTS = 400;

    private static final int EPOCHS_SHOWN = 12;

    private final List<JsonNode> steps;
    private final List<JsonNode> epochs;

    private final int unreadable;

    private TrainingReport(List<JsonNode> steps, List<JsonNode> epochs, int unreadable) {
        this.steps = steps;
        this.epochs = epochs;
        this.unreadable = unreadable;
    }

    static void write(Path folder, Page page) {
        Path file = folder.resolve(METRICS);
        Records.Lines lines = Records.lines(file);
        TrainingReport report = new TrainingReport(
                ofType(lines.objects(), "step", "step"), ofType(lines.objects(), "epoch", "steps"), lines.unreadable());
        if (report.steps.isEmpty()) {
            throw new BadInputException(file + ": has no training step in it yet"
                    + (lines.unreadable() == 0 ? "" : ", " + lines.unreadable() + " of its lines can't be read"));
        }
        report.write(page);
        Path config = folder.resolve("config.json");
        if (Files.exists(config)) {
            page.details("Configuration", Records.read(config).toPrettyString());
        }
    }

    private static List<JsonNode> ofType(List<JsonNode> lines, String type, String across) {
        return lines.stream()
                .filter(line ->
                        line.path("type").asString("").equals(type) && Double.isFinite(Records.number(line, across)))
                .toList();
    }

    private void write(Page page) {
        page.facts(facts());
        List<String> figures = new ArrayList<>();
        List<Series> losses = new ArrayList<>();
        losses.add(series("training, with augmentation", steps, "step", "loss", 1, false));
        if (!epochs.isEmpty()) {
            losses.add(series("validation", epochs, "steps", "valid_loss", 2, true));
        }
        figures.add(lines("Loss", "nats per utterance", Axis.Unit.NUMBER, true, losses));
        if (!epochs.isEmpty()) {
            figures.add(lines(
                    "Word error rate",
                    "percent, validation",
                    Axis.Unit.NUMBER,
                    false,
                    List.of(series("WER", epochs, "steps", "wer", 2, true))));
        }
        figures.add(lines(
                "Learning rate",
                "",
                Axis.Unit.NUMBER,
                false,
                List.of(series("rate", steps, "step", "learning_rate", 3, false))));
        figures.add(lines(
                "Norm of the gradient",
                "before it is clipped",
                Axis.Unit.NUMBER,
                true,
                List.of(series("norm", steps, "step", "gradient_norm", 4, false))));
        if (!epochs.isEmpty()) {
            figures.add(lines(
                    "Memory",
                    "the most that was held so far",
                    Axis.Unit.BYTES,
                    true,
                    List.of(
                            series("process", epochs, "steps", "process_peak_bytes", 6, true),
                            series("loss", epochs, "steps", "loss_peak_bytes", 5, true))));
            figures.add(lines(
                    "Speed",
                    "seconds of sound a second",
                    Axis.Unit.NUMBER,
                    false,
                    List.of(series("training", epochs, "steps", "audio_per_second", 7, true))));
        }
        page.figures(figures);
        if (!epochs.isEmpty()) {
            page.heading("Epochs");
            page.table(
                    List.of(
                            "epoch",
                            "steps",
                            "loss",
                            "valid loss",
                            "WER %",
                            "sound/s",
                            "loss memory",
                            "skipped",
                            "time"),
                    rows());
        }
    }

    private List<String[]> facts() {
        List<String[]> facts = new ArrayList<>();
        Optional<JsonNode> best = epochs.stream()
                .filter(e -> Double.isFinite(Records.number(e, "wer")))
                .min(Comparator.comparingDouble((JsonNode e) -> Records.number(e, "wer"))
                        .thenComparingDouble(e -> Records.number(e, "valid_loss")));
        best.ifPresent(e -> {
            facts.add(new String[] {"best WER", format("%.2f %%", Records.number(e, "wer"))});
            facts.add(new String[] {"in epoch", e.path("epoch").asString()});
        });
        JsonNode last = steps.getLast();
        facts.add(new String[] {"steps", last.path("step").asString()});
        facts.add(new String[] {"epochs", String.valueOf(epochs.size())});
        if (!epochs.isEmpty()) {
            JsonNode end = epochs.getLast();
            facts.add(new String[] {"time", time(Records.number(end, "seconds"))});
            facts.add(new String[] {"loss held", Axis.Unit.BYTES.write(Records.number(end, "loss_peak_bytes"))});
        }
        if (unreadable > 0) {
            facts.add(new String[] {"unreadable lines", String.valueOf(unreadable)});
        }
        return facts;
    }

    /** The first epoch, the last ones, and some between. */
    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        int count = Math.min(EPOCHS_SHOWN, epochs.size());
        for (int i = 0; i < count; i++) {
            JsonNode e = epochs.get(count == 1 ? 0 : (int) ((long) i * (epochs.size() - 1) / (count - 1)));
            rows.add(List.of(
                    e.path("epoch").asString(),
                    e.path("steps").asString(),
                    format("%.3f", Records.number(e, "loss")),
                    format("%.3f", Records.number(e, "valid_loss")),
                    format("%.2f", Records.number(e, "wer")),
                    format("%.0f", Records.number(e, "audio_per_second")),
                    Axis.Unit.BYTES.write(Records.number(e, "loss_peak_bytes")),
                    e.path("skipped").asString("0"),
                    time(Records.number(e, "seconds"))));
        }
        return rows;
    }

    private static String format(String form, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, form, value) : "-";
    }

    private static String time(double seconds) {
        if (!(seconds >= 60)) {
            return format("%.0f s", seconds);
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 60 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    private static Series series(
            String name, List<JsonNode> lines, String across, String what, int color, boolean dots) {
        double[] x = lines.stream().mapToDouble(l -> Records.number(l, across)).toArray();
        double[] y = lines.stream().mapToDouble(l -> Records.number(l, what)).toArray();
        return new Series(name, x, y, color, dots && x.length <= 60).smoothed(POINTS);
    }

    private String lines(String title, String what, Axis.Unit unit, boolean logarithmic, List<Series> series) {
        double[] values = series.stream()
                .flatMapToDouble(s -> java.util.Arrays.stream(s.y()))
                .toArray();
        Axis across = Axis.between(0, Records.number(steps.getLast(), "step"), Axis.Unit.NUMBER);
        return Plot.lines(title, what, "steps", across, Axis.over(values, logarithmic, unit), series);
    }
}
