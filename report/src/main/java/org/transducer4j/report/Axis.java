package org.transducer4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scale from values to the unit interval, with round ticks.
 *
 * @param low value at 0
 * @param high value at 1, above low
 * @param logarithmic whether distances are ratios
 * @param unit how its numbers are written
 */
record Axis(double low, double high, boolean logarithmic, Unit unit) {
    private static final int TICKS = 5;

    /** How numbers are written. */
    enum Unit {
        NUMBER,
        BYTES,
        SECONDS;

        String write(double value) {
            return switch (this) {
                case BYTES -> scaled(value, 1024, "B", "KiB", "MiB", "GiB", "TiB");
                case SECONDS ->
                    value > 0 && value < 1 ? Axis.shorten(value * 1000) + " ms" : Axis.shorten(value) + " s";
                case NUMBER ->
                    Math.abs(value) < 10_000 ? Axis.shorten(value) : scaled(value, 1000, "", "k", "M", "G", "T");
            };
        }

        private static String scaled(double value, double step, String... units) {
            double scaled = value;
            int unit = 0;
            while (Math.abs(scaled) >= step && unit < units.length - 1) {
                scaled /= step;
                unit++;
            }
            return (Axis.shorten(scaled) + " " + units[unit]).strip();
        }
    }

    /** An axis that holds all finite values, from 0 if it is linear; a logarithmic one holds the positive ones. */
    static Axis over(double[] values, boolean logarithmic, Unit unit) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            if (Double.isFinite(value) && (value > 0 || !logarithmic)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        if (low > high) {
            return new Axis(logarithmic ? 1 : 0, 10, logarithmic, unit);
        }
        if (logarithmic) {
            double base = unit == Unit.BYTES ? 2 : 10;
            double below = Math.pow(base, Math.floor(Math.log(low) / Math.log(base) + 1e-9));
            double above = Math.pow(base, Math.ceil(Math.log(high) / Math.log(base) - 1e-9));
            return new Axis(below, above > below ? above : below * base, true, unit);
        }
        low = Math.min(0, low);
        high = high > low ? high : low + 1;
        double step = step(high - low);
        return new Axis(Math.floor(low / step) * step, Math.ceil(high / step - 1e-9) * step, false, unit);
    }

    /** An axis with these ends. */
    static Axis between(double low, double high, Unit unit) {
        return new Axis(low, high, false, unit);
    }

    double place(double value) {
        return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            double base = unit == Unit.BYTES ? 2 : 10;
            int powers = (int) Math.round(Math.log(high / low) / Math.log(base));
            int every = Math.max(1, Math.ceilDiv(powers, TICKS));
            for (int p = 0; p <= powers; p += every) {
                ticks.add(low * Math.pow(base, p));
            }
        } else {
            double step = step(high - low);
            for (double tick = Math.ceil(low / step) * step; tick <= high + step * 1e-6; tick += step) {
                ticks.add(Math.abs(tick) < step * 1e-6 ? 0 : tick);
            }
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten, so that a handful of steps span the width. */
    private static double step(double width) {
        double raw = width / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double digit = raw / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    /** Three significant digits, no zeros behind. */
    private static String shorten(double value) {
        if (value == 0) {
            return "0";
        }
        if (Math.abs(value) < 1e-3) {
            return String.format(Locale.ROOT, "%.0e", value).replaceFirst("e([-+])0", "e$1");
        }
        int decimals = Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(value))));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}
