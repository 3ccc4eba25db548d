package org.transducer4j.asr.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.asr.fixture.ToneModel;
import org.transducer4j.asr.model.Checkpoint;
import org.transducer4j.asr.model.SafeTensors;
import org.transducer4j.asr.search.Recognizer;
import org.transducer4j.loss.lattice.Topology;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.token.Tokens;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExportTest {
    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void trainOnce() throws IOException {
        model = ToneModel.train(folder, Topology.REGULAR);
    }

    private static Set<String> names(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
        }
    }

    @Test
    void exportedWeightsAreTheAveragedOnes() throws IOException {
        Path last = model.resolve(Checkpoint.LAST);
        Path out = folder.resolve("averaged");
        assertEquals(last, Exporters.export("weights", last, out));
        Map<String, SafeTensors.Entry> trained = SafeTensors.read(last).tensors();
        Map<String, SafeTensors.Entry> exported =
                SafeTensors.read(out.resolve("model.safetensors")).tensors();
        int compared = 0;
        for (Map.Entry<String, SafeTensors.Entry> tensor : exported.entrySet()) {
            String name = tensor.getKey().replaceFirst("^model/", Checkpoint.AVERAGE);
            assertArrayEquals(
                    trained.get(name).data().toArray(ValueLayout.JAVA_INT),
                    tensor.getValue().data().toArray(ValueLayout.JAVA_INT),
                    name);
            compared += name.startsWith(Checkpoint.AVERAGE) ? 1 : 0;
        }
        assertTrue(compared > 10 && trained.size() > 2 * compared, compared + " of " + trained.size());
    }

    @Test
    void whatIsExportedRecognisesLikeTheTraining() throws IOException {
        Path out = folder.resolve("weights");
        assertEquals(model.resolve(Checkpoint.BEST), Exporters.export("weights", model, out));
        assertEquals(Set.of("model.safetensors", "tokens.txt", "config.json"), names(out));
        assertEquals(
                Checkpoint.read(model).tokens().pieces(),
                Tokens.read(out.resolve("tokens.txt")).pieces());
        JsonNode config = JsonMapper.shared().readTree(Files.readString(out.resolve("config.json")));
        assertEquals(
                Checkpoint.read(model).config().vocabulary(),
                config.path("vocabulary").asInt());
        try (Recognizer before = Recognizer.open(model);
                Recognizer fromFolder = Recognizer.open(out);
                Recognizer fromFile = Recognizer.open(out.resolve("model.safetensors"))) {
            for (int i = 0; i < 12; i++) {
                Path sound = folder.resolve("valid-" + i + ".wav");
                assertEquals(before.recognize(sound), fromFolder.recognize(sound));
                assertEquals(before.recognize(sound), fromFile.recognize(sound));
            }
        }
    }

    @Test
    void whatCannotBeDoneLeavesNothing() throws IOException {
        Path out = folder.resolve("nothing");
        String message = assertThrows(IllegalArgumentException.class, () -> Exporters.export("paper", model, out))
                .getMessage();
        assertTrue(message.contains("\"paper\"") && message.contains("weights"), message);
        assertThrows(BadInputException.class, () -> Exporters.export("weights", folder.resolve("missing"), out));
        assertFalse(Files.exists(out));
        Path full = Files.createDirectory(folder.resolve("full"));
        Files.writeString(full.resolve("mine.txt"), "mine");
        assertThrows(BadInputException.class, () -> Exporters.export("weights", model, full));
        assertEquals(Set.of("mine.txt"), names(full));
        List<String> left =
                names(folder).stream().filter(name -> name.contains("partial")).toList();
        assertEquals(List.of(), left);
    }
}
