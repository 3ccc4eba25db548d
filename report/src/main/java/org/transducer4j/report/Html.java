package org.transducer4j.report;

import java.util.Locale;

/** Pieces of HTML. */
final class Html {
    private Html() {}

    /** Text as it is. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A share of the unit interval as percent. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", share * 100);
    }

    /** A coordinate of a drawing that is 1000 wide and high. */
    static String coordinate(double share) {
        return String.format(Locale.ROOT, "%.1f", share * 1000);
    }
}
