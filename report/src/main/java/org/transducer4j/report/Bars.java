package org.transducer4j.report;

import java.util.List;

/** Bars of one measure, a line each. */
final class Bars {
    private Bars() {}

    /**
     * A bar.
     *
     * @param name at its left
     * @param value its length; NaN where nothing was measured
     * @param note below it, or empty
     * @param color number of one of the page's colours
     */
    record Bar(String name, double value, String note, int color) {}

    static String figure(String title, String what, Axis.Unit unit, List<Bar> bars) {
        double most = bars.stream()
                .mapToDouble(Bar::value)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        StringBuilder rows = new StringBuilder();
        for (Bar bar : bars) {
            boolean measured = Double.isFinite(bar.value());
            rows.append("""
                    <div class="bar"><span>%s</span><div><i class="c%d" style="width:%s"></i></div><span>%s</span>%s</div>
                    """.formatted(
                            Html.escape(bar.name()),
                            bar.color(),
                            Html.percent(measured ? Math.max(0.002, bar.value() / most) : 0),
                            measured ? unit.write(bar.value()) : "",
                            bar.note().isEmpty() ? "" : "<em>" + Html.escape(bar.note()) + "</em>"));
        }
        return "<figure><figcaption><strong>%s</strong> %s</figcaption>%s</figure>\n"
                .formatted(Html.escape(title), Html.escape(what), rows);
    }
}
