package org.transducer4j.asr.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.transducer4j.speech.BadInputException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The texts of a checkpoint of any version as this version has them. Each version knows the step to the next one, so a checkpoint goes through all steps
 * from its own on. Steps read and write JSON and no classes: they stay as they are whatever becomes of these.
 */
final class CheckpointMigration {
    private static final String PROGRAM = "transducer4j ";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Names of the texts that are JSON. */
    private static final List<String> OBJECTS = List.of("config", "training");

    /** From version 1 to 2, from 2 to 3, ... */
    private static final List<Consumer<ObjectNode>> STEPS =
            List.of(CheckpointMigration::namesEncoderAndPredictor, CheckpointMigration::namesMethodAndBranches);

    /** The version that is written. */
    static final int VERSION = 1 + STEPS.size();

    private CheckpointMigration() {}

    /** What the texts of this version begin with. */
    static String format() {
        return PROGRAM + VERSION;
    }

    /**
     * Brings texts to this version.
     *
     * @param file what messages name
     * @param texts of a checkpoint, of any version
     * @return those of this version, all others unchanged
     * @throws BadInputException if it is no checkpoint, one of a newer version, or can't be read
     */
    static Map<String, String> migrate(Path file, Map<String, String> texts) {
        int version = version(file, texts.getOrDefault("format", ""));
        if (version == VERSION) {
            return texts;
        }
        try {
            ObjectNode all = JSON.createObjectNode();
            texts.forEach((name, text) -> {
                if (OBJECTS.contains(name)) {
                    all.set(name, JSON.readTree(text));
                } else {
                    all.put(name, text);
                }
            });
            for (Consumer<ObjectNode> step : STEPS.subList(version - 1, STEPS.size())) {
                step.accept(all);
            }
            all.put("format", format());
            Map<String, String> migrated = new LinkedHashMap<>();
            all.properties()
                    .forEach(text -> migrated.put(
                            text.getKey(),
                            text.getValue().isString()
                                    ? text.getValue().asString()
                                    : JSON.writeValueAsString(text.getValue())));
            return migrated;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new BadInputException(
                    file + ": can't be brought from format version " + version + " to " + VERSION + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static int version(Path file, String format) {
        String number = format.startsWith(PROGRAM) ? format.substring(PROGRAM.length()) : "";
        if (!number.matches("[1-9][0-9]{0,8}")) {
            throw new BadInputException(file + ": isn't a checkpoint of this program: want format \"" + format()
                    + "\", got \"" + format + "\"");
        }
        int version = Integer.parseInt(number);
        if (version > VERSION) {
            throw new BadInputException(file + ": has format version " + version + ", this program reads up to version "
                    + VERSION + ": it was written by a newer one");
        }
        return version;
    }

    /** Version 1 knew one encoder, one predictor and tokens that tell by their pieces what they are. */
    private static void namesEncoderAndPredictor(ObjectNode texts) {
        parts(object(texts.path("config"), "size"));
        if (texts.has("training")) {
            parts(object(texts.path("training").path("options"), "model"));
        }
        texts.put("tokenizer", texts.path("tokens").asString("").contains("\u2581") ? "char" : "word");
    }

    private static void parts(ObjectNode size) {
        ObjectNode lstm = JSON.createObjectNode();
        move(size, "channels", lstm, "channels");
        move(size, "encoderLayers", lstm, "layers");
        move(size, "encoderWidth", lstm, "width");
        move(size, "dropout", lstm, "dropout");
        ObjectNode stateless = JSON.createObjectNode();
        move(size, "predictorWidth", stateless, "width");
        move(size, "contextDropout", stateless, "contextDropout");
        size.putObject("encoder").set("lstm", lstm);
        size.putObject("predictor").set("stateless", stateless);
    }

    /** Version 2 knew two kinds of branches, and spread what a loss is over several fields. */
    private static void namesMethodAndBranches(ObjectNode texts) {
        if (texts.path("config") instanceof ObjectNode config) {
            ArrayNode names = JSON.createArrayNode();
            for (JsonNode branch : config.path("branches")) {
                switch (branch.asString("")) {
                    case "CTC" -> names.add("ctc");
                    case "SIMPLE" -> names.add("simple.encoder").add("simple.predictor");
                    default -> throw new IllegalArgumentException("there is no branch " + branch);
                }
            }
            config.set("branches", names);
        }
        if (texts.has("training")) {
            ObjectNode objective = object(texts.path("training").path("options"), "objective");
            objective.put("method", method(objective));
            object(objective, "aligned").remove(List.of("left", "right"));
            object(objective, "pruned").remove("range");
        }
    }

    /** LOSS/BAND/SCHEDULE+floor:X of an objective of version 2, from the fields that it loses. */
    private static String method(ObjectNode objective) {
        String loss = taken(objective, "loss").asString();
        double ctcScale = taken(objective, "ctcScale").asDouble();
        double floor = taken(objective, "occupancyFloor").asDouble();
        JsonNode aligned = objective.path("aligned");
        String lattice = switch (loss) {
            case "aligned" ->
                "aligned:" + aligned.path("left").asInt() + ","
                        + aligned.path("right").asInt() + "/tiled";
            case "pruned" -> "pruned:" + objective.path("pruned").path("range").asInt() + "/tiled";
            default -> "full/" + loss;
        };
        if (loss.equals("ctc")) {
            return loss; // It had a floor, too, and left it alone.
        }
        return "transducer" + (ctcScale > 0 ? "+" + ctcScale + "*ctc" : "") + "/" + lattice
                + (floor > 0 ? "+floor:" + floor : "");
    }

    private static JsonNode taken(ObjectNode from, String name) {
        JsonNode value = from.remove(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no \"" + name + "\"");
        }
        return value;
    }

    private static ObjectNode object(JsonNode parent, String name) {
        if (parent.path(name) instanceof ObjectNode found) {
            return found;
        }
        throw new IllegalArgumentException("there is no \"" + name + "\"");
    }

    private static void move(ObjectNode from, String name, ObjectNode to, String newName) {
        to.set(newName, taken(from, name));
    }
}
