package org.transducer4j.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * Says how far a long piece of work is and how long it will take: one line that changes on a terminal, else a line now
 * and then, and one for each part that begins, so that log files stay readable. Other lines go through {@link #println},
 * which makes room for them.
 */
final class ProgressLine {
    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 30_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal;
    private final int columns;
    private final LongSupplier nanoTime;
    private long shownAt;
    private boolean showing;

    /** Shows on the process's terminal, if it has one. */
    ProgressLine(PrintWriter out) {
        this(out, isTerminal(), columns(), System::nanoTime);
    }

    ProgressLine(PrintWriter out, boolean terminal, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
        this.nanoTime = nanoTime;
        this.shownAt = nanoTime.getAsLong();
    }

    /**
     * The work is so far, unless that was said just now.
     *
     * @param text what it is and where
     */
    void update(String text) {
        long now = nanoTime.getAsLong();
        if (now - shownAt < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        show(text);
    }

    /**
     * A part of the work that may take long begins: this is said in any case.
     *
     * @param text what it is and where
     */
    void begin(String text) {
        show(text);
    }

    private void show(String text) {
        shownAt = nanoTime.getAsLong();
        if (terminal) {
            String line = text.length() < columns ? text : text.substring(0, columns - 1);
            out.print("\r" + line + "\u001b[K");
            out.flush();
            showing = true;
        } else {
            out.println(text);
        }
    }

    /** A line that stays. */
    void println(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    /** Takes the changing line away. */
    void clear() {
        if (showing) {
            out.print("\r\u001b[K");
            out.flush();
            showing = false;
        }
    }

    /**
     * The time left if the rest goes as the beginning did.
     *
     * @param seconds since the beginning
     * @param done part of the work, 0 to 1
     * @return such as {@code 3 min 20 s left}; empty where nothing is done yet
     */
    static String left(double seconds, double done) {
        if (done <= 0 || done >= 1) {
            return "";
        }
        return duration(seconds * (1 - done) / done) + " left";
    }

    /** Seconds for people: {@code 42 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return s / 60 + " min " + s % 60 + " s";
        }
        return s / 3600 + " h " + s % 3600 / 60 + " min";
    }

    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    private static int columns() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("\\d{2,4}") ? Integer.parseInt(columns) : 80;
    }
}
