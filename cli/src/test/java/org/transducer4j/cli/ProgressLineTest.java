package org.transducer4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    final StringWriter text = new StringWriter();
    final PrintWriter out = new PrintWriter(text, true);
    long now;

    @Test
    void onATerminalOneLineChanges() {
        ProgressLine line = new ProgressLine(out, true, 10, () -> now);
        now += 200_000_000L;
        line.update("1 of 3");
        now += 1000;
        line.update("too soon after the last");
        now += 200_000_000L;
        line.update("2 of 3 and a long rest");
        line.println("done");
        assertEquals("\r1 of 3\u001b[K\r2 of 3 an\u001b[K\r\u001b[Kdone" + System.lineSeparator(), text.toString());
    }

    @Test
    void elsewhereThereIsALineNowAndThen() {
        ProgressLine line = new ProgressLine(out, false, 10, () -> now);
        for (int i = 1; i <= 65; i++) {
            now += 1_000_000_000L;
            line.update(i + " of 65, in full");
        }
        line.println("done");
        assertEquals(
                "30 of 65, in full|60 of 65, in full|done|", text.toString().replaceAll("\\R", "|"));
    }

    @Test
    void aPartThatBeginsIsAlwaysNamed() {
        ProgressLine plain = new ProgressLine(out, false, 10, () -> now);
        plain.begin("the first of 2");
        now += 29_000_000_000L;
        plain.update("too soon after the beginning");
        plain.begin("the second of 2");
        assertEquals("the first of 2|the second of 2|", text.toString().replaceAll("\\R", "|"));
        text.getBuffer().setLength(0);
        ProgressLine terminal = new ProgressLine(out, true, 10, () -> now);
        terminal.begin("first");
        terminal.begin("second");
        assertEquals("\rfirst\u001b[K\rsecond\u001b[K", text.toString());
    }

    @Test
    void timeLeft() {
        assertEquals("", ProgressLine.left(5, 0));
        assertEquals("15 s left", ProgressLine.left(5, 0.25));
        assertEquals("", ProgressLine.left(5, 1));
        assertEquals("3 min 20 s", ProgressLine.duration(200));
        assertEquals("2 h 5 min", ProgressLine.duration(7500));
    }
}
