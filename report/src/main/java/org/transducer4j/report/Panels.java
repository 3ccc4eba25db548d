package org.transducer4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Plots side by side in a picture of their own (SVG), for documents: lines over logarithmic axes, the y axis shared. Where nothing says
 * otherwise it is dark on white; with a dark colour scheme it is light on dark.
 */
public final class Panels {
    private static final int WIDTH = 180;
    private static final int HEIGHT = 190;
    private static final int GAP = 40;
    private static final int LEFT = 64;
    private static final int TOP = 58;
    private static final int BOTTOM = 46;

    private static final String STYLE = """
            <style>
            svg { font: 12px system-ui, "DejaVu Sans", sans-serif; }
            text { fill: currentColor; } .line { fill: none; stroke-width: 2; }
            .line, .dot { stroke: currentColor; } .dot { fill: currentColor; }
            %s</style>
            """.formatted(StyleSheet.inBothSchemes("""
            svg { background: var(--card); color: var(--ink); } .soft { fill: var(--soft); } .grid { stroke: var(--grid); }
            .c1 { color: var(--c1); } .c2 { color: var(--c2); } .c3 { color: var(--c3); } .c4 { color: var(--c4); }
            """));

    private Panels() {}

    /**
     * A line.
     *
     * @param name for the legend; lines of the same name have the same colour in all panels
     * @param x ascending, positive
     * @param seconds as many, positive
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Line(String name, double[] x, double[] seconds) {}

    /**
     * A plot.
     *
     * @param across what the x axis is
     * @param lines at least one
     */
    public record Panel(String across, List<Line> lines) {}

    /**
     * Draws.
     *
     * @param title above all
     * @param panels from left to right, at least one
     * @return the picture as text of an SVG file
     */
    public static String seconds(String title, List<Panel> panels) {
        double[] all = panels.stream()
                .flatMap(panel -> panel.lines().stream())
                .flatMapToDouble(line -> Arrays.stream(line.seconds()))
                .toArray();
        Axis y = Axis.over(all, true, Axis.Unit.SECONDS);
        List<String> names = new ArrayList<>();
        int wide = LEFT + panels.size() * (WIDTH + GAP);
        int high = TOP + HEIGHT + BOTTOM;
        StringBuilder svg = new StringBuilder(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">
                %s<text x="%d" y="20" font-weight="600" font-size="14">%s</text>
                """.formatted(wide, high, wide, high, Html.escape(title), STYLE, LEFT, Html.escape(title)));
        for (double tick : y.ticks()) {
            double at = TOP + HEIGHT * (1 - y.place(tick));
            svg.append(text("soft", "end", LEFT - 8, at + 4, y.unit().write(tick)));
        }
        for (int i = 0; i < panels.size(); i++) {
            panel(svg, panels.get(i), LEFT + i * (WIDTH + GAP), y, names);
        }
        for (int i = 0; i < names.size(); i++) {
            int x = LEFT + i * 190;
            svg.append("<path class=\"line c%d\" d=\"M%d 39h22\"/>".formatted(i % 4 + 1, x))
                    .append(text("", "start", x + 28, 43, names.get(i)));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void panel(StringBuilder svg, Panel panel, int left, Axis y, List<String> names) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (Line line : panel.lines()) {
            low = Math.min(low, line.x()[0]);
            high = Math.max(high, line.x()[line.x().length - 1]);
        }
        Axis x = new Axis(low, high > low ? high : 2 * low, true, Axis.Unit.NUMBER);
        for (double tick : y.ticks()) {
            svg.append("<path class=\"grid\" d=\"M%d %sh%d\"/>\n"
                    .formatted(left, number(TOP + HEIGHT * (1 - y.place(tick))), WIDTH));
        }
        for (double value : panel.lines().getFirst().x()) {
            double at = left + WIDTH * x.place(value);
            svg.append(text("soft", "middle", at, TOP + HEIGHT + 18, x.unit().write(value)));
        }
        svg.append(text("", "middle", left + WIDTH / 2.0, TOP + HEIGHT + 38, panel.across()));
        for (Line line : panel.lines()) {
            if (!names.contains(line.name())) {
                names.add(line.name());
            }
            int color = names.indexOf(line.name()) % 4 + 1;
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < line.x().length; i++) {
                String px = number(left + WIDTH * x.place(line.x()[i]));
                String py = number(TOP + HEIGHT * (1 - y.place(line.seconds()[i])));
                path.append(i == 0 ? 'M' : 'L').append(px).append(' ').append(py);
                svg.append("<circle class=\"dot c%d\" cx=\"%s\" cy=\"%s\" r=\"3\"/>\n".formatted(color, px, py));
            }
            svg.append("<path class=\"line c%d\" d=\"%s\"/>\n".formatted(color, path));
        }
    }

    private static String text(String style, String anchor, double x, double y, String text) {
        return "<text class=\"%s\" text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n"
                .formatted(style, anchor, number(x), number(y), Html.escape(text));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
