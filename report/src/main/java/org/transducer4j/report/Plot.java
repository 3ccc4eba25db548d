package org.transducer4j.report;

import java.util.List;

/**
 * A plot whose drawing stretches with the page while its text keeps its size: lines are SVG, numbers are HTML beside it.
 */
final class Plot {
    private final Axis x;
    private final Axis y;
    private final StringBuilder drawing = new StringBuilder();
    private final StringBuilder over = new StringBuilder();
    private final StringBuilder legend = new StringBuilder();
    private final StringBuilder left = new StringBuilder();
    private final StringBuilder below = new StringBuilder();
    private String scale = "";

    Plot(Axis x, Axis y) {
        this.x = x;
        this.y = y;
    }

    /** A plot of lines, with a grid and numbers at both axes. */
    static String lines(String title, String what, String across, Axis x, Axis y, List<Series> series) {
        return lines(title, what, across, x, x.ticks(), y, series);
    }

    /** The same with numbers of one's own below. */
    static String lines(
            String title, String what, String across, Axis x, List<Double> below, Axis y, List<Series> series) {
        Plot plot = new Plot(x, y);
        plot.grid();
        plot.below.append(numbers(x, below));
        series.forEach(plot::line);
        return plot.figure(title, what, across, "");
    }

    /** Horizontal lines with the numbers of the y axis. */
    void grid() {
        for (double tick : y.ticks()) {
            double place = 1 - y.place(tick);
            drawing.append("<path class=\"grid\" d=\"M0 %s H1000\"/>".formatted(Html.coordinate(place)));
            left(place, y.unit().write(tick));
        }
    }

    /** A word or number at the left. */
    void left(double place, String text) {
        left.append("<span style=\"top:%s\">%s</span>".formatted(Html.percent(place), Html.escape(text)));
    }

    void numbersBelow() {
        below.append(numbers(x, x.ticks()));
    }

    private static String numbers(Axis axis, List<Double> ticks) {
        StringBuilder numbers = new StringBuilder();
        for (double tick : ticks) {
            numbers.append("<span style=\"left:%s\">%s</span>"
                    .formatted(Html.percent(axis.place(tick)), axis.unit().write(tick)));
        }
        return numbers.toString();
    }

    private void line(Series series) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        // A line of one point isn't seen.
        boolean dots = series.dots() || series.x().length == 1;
        for (int i = 0; i < series.x().length; i++) {
            double px = x.place(series.x()[i]);
            double py = 1 - y.place(series.y()[i]);
            if (!Double.isFinite(px) || !Double.isFinite(py)) {
                pen = false;
                continue;
            }
            path.append(pen ? 'L' : 'M').append(Html.coordinate(px)).append(' ').append(Html.coordinate(py));
            pen = true;
            if (dots) {
                String note = series.notes().isEmpty() ? "" : series.notes().get(i);
                over.append("<i class=\"dot%s c%d\" style=\"left:%s;top:%s\" title=\"%s\"></i>"
                        .formatted(
                                note.isEmpty() ? "" : " open",
                                series.color(),
                                Html.percent(px),
                                Html.percent(py),
                                Html.escape(series.name() + ": " + y.unit().write(series.y()[i]) + " at "
                                        + x.unit().write(series.x()[i])
                                        + (note.isEmpty() ? "" : " (" + note + ")"))));
            }
        }
        draw("line c" + series.color(), path.toString());
        legend(series.color(), series.name());
    }

    /** A path in a drawing that is 1000 wide and high. */
    void draw(String style, String path) {
        drawing.append("<path class=\"")
                .append(style)
                .append("\" d=\"")
                .append(path)
                .append("\"/>");
    }

    /** A picture that fills the drawing. */
    void image(String dataUri) {
        drawing.append(filling(dataUri));
    }

    private static String filling(String dataUri) {
        return "<image href=\"%s\" width=\"1000\" height=\"1000\" preserveAspectRatio=\"none\"/>".formatted(dataUri);
    }

    /** A bar that says which color of the picture is which value. */
    void scale(Axis values, String what) {
        scale = """
                <div class="plot scale"><div></div>
                <div class="area"><svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label="%s">%s</svg></div>
                <div class="below">%s</div><div class="across">%s</div></div>
                """.formatted(
                        Html.escape(what), filling(Raster.scale()), numbers(values, values.ticks()), Html.escape(what));
    }

    /** A word over the drawing. */
    void word(double across, double down, String text) {
        over.append("<b style=\"left:%s;top:%s\">%s</b>"
                .formatted(Html.percent(across), Html.percent(down), Html.escape(text)));
    }

    void legend(int color, String name) {
        legend.append("<span><i class=\"c%d\"></i>%s</span>".formatted(color, Html.escape(name)));
    }

    /**
     * The figure.
     *
     * @param style of its box: a CSS class, or none
     */
    String figure(String title, String what, String across, String style) {
        return """
                <figure class="%s"><figcaption><strong>%s</strong> %s</figcaption>
                <div class="legend">%s</div>
                <div class="plot"><div class="left">%s</div>
                <div class="area"><svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label="%s">%s</svg>%s</div>
                <div class="below">%s</div></div><div class="across">%s</div>
                %s</figure>
                """.formatted(
                        style,
                        Html.escape(title),
                        Html.escape(what),
                        legend,
                        left,
                        Html.escape(title),
                        drawing,
                        over,
                        below,
                        Html.escape(across),
                        scale);
    }
}
