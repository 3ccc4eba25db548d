package org.transducer4j.asr.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.torch.ParameterSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model in one safetensors file: weights, whole configuration, feature scaling and tokens, and whatever else the training
 * adds under names of its own. Its format has a version; older ones are read, too.
 */
public final class Checkpoint {
    /** The file that training continues from. */
    public static final String LAST = "last.safetensors";
    /** The file with the best model so far. */
    public static final String BEST = "best.safetensors";
    /** The file of an export: the weights that recognise, and no more. */
    public static final String EXPORTED = "model.safetensors";
    /** Prefix of the averaged weights, which are the better ones to decode with. */
    public static final String AVERAGE = "average/";

    private static final String MODEL = "model/";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final Path file;
    private final SafeTensors contents;
    private final ModelConfig config;
    private final Tokenizer tokens;

    private Checkpoint(Path file, SafeTensors contents, ModelConfig config, Tokenizer tokens) {
        this.file = file;
        this.contents = contents;
        this.config = config;
        this.tokens = tokens;
    }

    /**
     * Gathers what a checkpoint of a model always holds; the caller may add to both maps of it before it writes it.
     *
     * @param model the model
     * @param tokens its tokens
     * @return contents whose data are the model's own memory
     */
    public static SafeTensors contents(TransducerModel model, Tokenizer tokens) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", CheckpointMigration.format());
        metadata.put("config", JSON.writeValueAsString(model.config()));
        StoredTokenizer.put(tokens, metadata);
        SafeTensors contents = new SafeTensors(metadata, new LinkedHashMap<>());
        float[] mean = model.scaling().mean();
        contents.tensors().put("features.mean", entry(mean));
        contents.tensors().put("features.scale", entry(model.scaling().scale()));
        addFlat(contents, MODEL, model.parameters(), model.parameters().values());
        return contents;
    }

    private static SafeTensors.Entry entry(float[] values) {
        return new SafeTensors.Entry(new long[] {values.length}, MemorySegment.ofArray(values));
    }

    /**
     * Adds a flat buffer, parameter by parameter.
     *
     * @param contents what it is added to
     * @param prefix of the names
     * @param parameters whose layout the buffer has
     * @param flat the buffer
     */
    public static void addFlat(SafeTensors contents, String prefix, ParameterSet parameters, Tensor flat) {
        for (ParameterSet.Place place : parameters.places()) {
            contents.tensors().put(prefix + place.name(), new SafeTensors.Entry(place.shape(), place.in(flat)));
        }
    }

    /**
     * Reads a checkpoint.
     *
     * @param path the file, or a folder with {@value #BEST} or else {@value #LAST} or {@value #EXPORTED} in it
     * @return the checkpoint
     * @throws BadInputException if there is none, it isn't whole, or a newer version of this program wrote it
     */
    public static Checkpoint read(Path path) {
        Path file = find(path);
        SafeTensors written = SafeTensors.read(file);
        SafeTensors contents =
                new SafeTensors(CheckpointMigration.migrate(file, written.metadata()), written.tensors());
        try {
            ModelConfig config = JSON.readValue(contents.metadata().getOrDefault("config", ""), ModelConfig.class);
            Tokenizer tokens = StoredTokenizer.read(contents.metadata(), file);
            if (tokens.size() != config.vocabulary()) {
                throw new BadInputException(
                        file + ": its model has " + config.vocabulary() + " symbols, its tokens are " + tokens.size());
            }
            if (tokens.blank() != config.blank()) {
                throw new BadInputException(
                        file + ": its model has blank " + config.blank() + ", its tokens " + tokens.blank());
            }
            return new Checkpoint(file, contents, config, tokens);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new BadInputException(file + ": its configuration can't be read: " + firstLine(e), e);
        }
    }

    /** The first line of a message, and which field it is about. */
    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (e instanceof JacksonException json && !json.getPath().isEmpty()) {
            String field = json.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("."));
            return field + ": " + message;
        }
        return message;
    }

    private static Path find(Path path) {
        if (!Files.isDirectory(path)) {
            return path;
        }
        for (String name : List.of(BEST, LAST, EXPORTED)) {
            if (Files.exists(path.resolve(name))) {
                return path.resolve(name);
            }
        }
        throw new BadInputException(path + ": holds no checkpoint: none of " + BEST + ", " + LAST + " and " + EXPORTED);
    }

    /**
     * Builds the model with the averaged weights if there are, else with the weights.
     *
     * @return the model
     * @throws BadInputException if a weight is missing or has another shape
     */
    public TransducerModel model() {
        TransducerModel model = new TransducerModel(config, scaling(), 0);
        boolean averaged = contents.tensors().keySet().stream().anyMatch(name -> name.startsWith(AVERAGE));
        restoreFlat(
                averaged ? AVERAGE : MODEL,
                model.parameters(),
                model.parameters().values());
        return model;
    }

    /**
     * Builds the model with the weights that training left.
     *
     * @return the model
     * @throws BadInputException if a weight is missing or has another shape
     */
    public TransducerModel modelInTraining() {
        TransducerModel model = new TransducerModel(config, scaling(), 0);
        restoreFlat(MODEL, model.parameters(), model.parameters().values());
        return model;
    }

    private FeatureScaling scaling() {
        int bins = config.fbank().bins();
        return new FeatureScaling(
                find("features.mean", bins).data().toArray(ValueLayout.JAVA_FLOAT),
                find("features.scale", bins).data().toArray(ValueLayout.JAVA_FLOAT));
    }

    /**
     * Fills a flat buffer, parameter by parameter.
     *
     * @param prefix of the names
     * @param parameters whose layout the buffer has
     * @param flat the buffer
     * @throws BadInputException if a tensor is missing, has another shape, or holds a number that isn't finite
     */
    public void restoreFlat(String prefix, ParameterSet parameters, Tensor flat) {
        for (ParameterSet.Place place : parameters.places()) {
            place.in(flat).copyFrom(find(prefix + place.name(), place.shape()).data());
        }
    }

    private SafeTensors.Entry find(String name, long... shape) {
        SafeTensors.Entry entry = contents.tensors().get(name);
        if (entry == null) {
            throw new BadInputException(file + ": has no tensor " + name);
        }
        if (!Arrays.equals(entry.shape(), shape)) {
            throw new BadInputException(file + ": tensor " + name + " must have shape " + Arrays.toString(shape)
                    + ", it has " + Arrays.toString(entry.shape()));
        }
        for (long i = 0; i < entry.data().byteSize() / Float.BYTES; i++) {
            float value = entry.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
            if (!Float.isFinite(value)) {
                throw new BadInputException(file + ": tensor " + name + " holds " + value + " at element " + i
                        + ": take another checkpoint");
            }
        }
        return entry;
    }

    /**
     * @return where it was read from
     */
    public Path file() {
        return file;
    }

    /**
     * @return the model's configuration
     */
    public ModelConfig config() {
        return config;
    }

    /**
     * @return the model's tokens
     */
    public Tokenizer tokens() {
        return tokens;
    }

    /**
     * @return texts that the checkpoint holds
     */
    public Map<String, String> metadata() {
        return contents.metadata();
    }
}
