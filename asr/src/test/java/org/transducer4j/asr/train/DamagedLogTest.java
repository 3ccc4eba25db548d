package org.transducer4j.asr.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Logs that are damaged in any way: the training goes on, what can be kept is kept, the rest is beside it. */
class DamagedLogTest {
    private static final LogPlace END = new LogPlace(4, true);

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();
    private Path metrics;
    private Path events;
    private long written;
    private byte[] whole;
    private byte[] wholeEvents;

    /** Two epochs of two batches, and a batch after the last checkpoint. */
    @BeforeEach
    void twoEpochs() throws IOException {
        metrics = folder.resolve(MetricsFile.NAME);
        events = folder.resolve(EventFile.NAME);
        try (MetricsFile file = open(0, LogPlace.BEGINNING)) {
            for (int step = 1; step <= 4; step++) {
                file.add(step(step));
                if (step % 2 == 0) {
                    file.add(Map.of("type", "epoch", "epoch", step / 2, "steps", step, "loss", 0.5, "wer", 7));
                }
            }
            written = file.flush();
            whole = Files.readAllBytes(metrics);
            wholeEvents = Files.readAllBytes(events);
            file.add(step(5));
        }
        assertEquals(List.of(), warnings);
    }

    private static Map<String, Object> step(long step) {
        return Map.of("type", "step", "step", step, "epoch", (step + 1) / 2, "loss", 10.0 - step, "learning_rate", 0.5);
    }

    private MetricsFile open(long bytes, LogPlace end) {
        return MetricsFile.open(folder, bytes, end, warnings::add);
    }

    /** Opens the logs again; what the next step adds is readable, too. */
    private void resume() throws IOException {
        try (MetricsFile file = open(written, END)) {
            file.add(step(5));
            file.flush();
        }
        for (byte b : Files.readAllBytes(metrics)) {
            assertTrue(b != 0, "a NUL byte");
        }
    }

    private List<String> places() throws IOException {
        List<String> places = new ArrayList<>();
        for (String line : Files.readAllLines(metrics)) {
            JsonNode node = JsonMapper.shared().readTree(line);
            places.add(node.has("step") ? node.path("step").asString() : "e" + node.path("epoch"));
        }
        return places;
    }

    private List<String> eventPlaces() throws IOException {
        return EventFileTest.read(folder).stream()
                .map(e -> e.values().containsKey("train/loss") ? "" + e.step() : "e" + e.step() / 2)
                .toList();
    }

    private List<String> aside() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("damaged"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatComesAfterTheCheckpointIsCutOffWithoutAWord() throws IOException {
        resume();
        assertEquals(List.of("1", "2", "e1", "3", "4", "e2", "5"), places());
        assertEquals(places(), eventPlaces());
        assertEquals(List.of(), warnings);
        assertEquals(List.of(), aside());
        assertTrue(new String(Files.readAllBytes(metrics), StandardCharsets.UTF_8)
                .startsWith(new String(whole, StandardCharsets.UTF_8)));
        assertEquals(-1, Arrays.mismatch(wholeEvents, Arrays.copyOf(Files.readAllBytes(events), wholeEvents.length)));
    }

    @Test
    void oneThatIsGoneBeginsAgain() throws IOException {
        Files.delete(metrics);
        resume();
        assertEquals(List.of("5"), places());
        assertEquals(List.of("1", "2", "e1", "3", "4", "e2", "5"), eventPlaces(), "the events are still known");
        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().startsWith(metrics + ": is gone"), warnings.getFirst());
        assertEquals(List.of(), aside());
        // The next resume has nothing more to say.
        written = Files.size(metrics);
        try (MetricsFile file = open(written, new LogPlace(5, false))) {
            assertEquals(written, file.flush());
        }
        assertEquals(1, warnings.size());
    }

    @Test
    void oneThatIsCutAnywhereKeepsItsWholeLines() throws IOException {
        for (int length = 0; length < whole.length; length++) {
            Files.write(metrics, Arrays.copyOf(whole, length));
            warnings.clear();
            int lines = (int) new String(whole, 0, length, StandardCharsets.UTF_8)
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            List<String> before = aside();
            resume();
            List<String> expected =
                    new ArrayList<>(List.of("1", "2", "e1", "3", "4", "e2").subList(0, lines));
            expected.add("5");
            assertEquals(expected, places(), "cut to " + length);
            assertEquals(1, warnings.size());
            assertTrue(warnings.getFirst().contains(lines + " of its lines"), warnings.getFirst());
            boolean atAnEnd = length == 0 || whole[length - 1] == '\n';
            assertEquals(before.size() + (atAnEnd ? 0 : 1), aside().size());
        }
    }

    @Test
    void damagedLinesGoAside() throws IOException {
        String text = new String(whole, StandardCharsets.UTF_8);
        int second = text.indexOf('\n') + 1;
        for (String bad :
                List.of("\0\0\0\0", "[1]", "{\"type\":\"step\",\"step\":\"x\"}", "\ud800", "null", "[".repeat(3000))) {
            byte[] in = (bad + "\n").getBytes(StandardCharsets.UTF_16BE);
            byte[] changed = new byte[whole.length + in.length];
            System.arraycopy(whole, 0, changed, 0, second);
            System.arraycopy(in, 0, changed, second, in.length);
            System.arraycopy(whole, second, changed, second + in.length, whole.length - second);
            Files.write(metrics, changed);
            warnings.clear();
            resume();
            List<String> found = places();
            assertTrue(found.containsAll(List.of("1", "e1", "3", "4", "e2", "5")), bad + ": " + found);
            assertEquals(1, warnings.size(), bad);
            assertTrue(warnings.getFirst().contains(aside().getLast()), warnings.getFirst());
        }
        assertEquals(6, aside().size());
    }

    @Test
    void whatIsNoFileAtAllIsMovedAside() throws IOException {
        Files.delete(metrics);
        Files.createDirectory(metrics);
        Files.writeString(metrics.resolve("inside"), "kept");
        Files.delete(events);
        Files.createSymbolicLink(events, folder.resolve("nowhere"));
        resume();
        assertEquals(List.of("5"), places());
        assertEquals(List.of("5"), eventPlaces());
        assertEquals(List.of("events.damaged-1", "metrics.jsonl.damaged-1"), aside());
        assertEquals("kept", Files.readString(folder.resolve("metrics.jsonl.damaged-1/inside")));
    }

    @Test
    void damagedEventsAreWrittenAgainFromTheLines() throws IOException {
        for (int at = 0; at < wholeEvents.length; at++) {
            byte[] changed = wholeEvents.clone();
            changed[at] ^= 0x10;
            Files.write(events, changed);
            warnings.clear();
            resume();
            assertEquals(List.of("1", "2", "e1", "3", "4", "e2", "5"), eventPlaces(), "flipped at " + at);
            assertEquals(1, warnings.size(), "flipped at " + at);
            assertTrue(warnings.getFirst().startsWith(events + ": "), warnings.getFirst());
            for (String name : aside()) {
                assertFalse(name.contains("tfevents"), "TensorBoard would read it");
                Files.delete(folder.resolve(name));
            }
        }
        Files.write(events, Arrays.copyOf(wholeEvents, wholeEvents.length / 2));
        Files.delete(metrics);
        resume();
        assertEquals(List.of("1", "2", "5"), eventPlaces(), "what neither holds is lost");
    }

    @Test
    void oneThatIsCutWhileItIsWrittenHoldsNoNulBytes() throws IOException {
        try (MetricsFile file = open(written, END)) {
            for (Path log : List.of(metrics, events)) {
                try (var channel = Files.newByteChannel(log, StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
            file.add(step(5));
            assertEquals(Files.size(metrics), file.flush());
        }
        assertEquals(List.of("5"), places());
        assertTrue(Files.size(events) < 100);
    }

    @Test
    void aLineIsThereAsSoonAsItIsAdded() throws IOException {
        try (MetricsFile file = open(written, END)) {
            file.add(step(5));
            assertEquals("5", places().getLast());
            assertEquals("5", eventPlaces().getLast());
        }
    }
}
