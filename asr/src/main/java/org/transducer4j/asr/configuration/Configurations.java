package org.transducer4j.asr.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.transducer4j.speech.Registry;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configurations of one door by name, and how they are written on a command line: {@code NAME[:key=value,...]}, where what isn't said is the default.
 *
 * @param <C> the configurations of the door
 */
public final class Configurations<C extends NamedConfiguration> {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final String noun;
    private final Class<C> door;
    private final Registry<C> registry;

    private Configurations(String noun, Class<C> door, Registry<C> registry) {
        this.noun = noun;
        this.door = door;
        this.registry = registry;
    }

    /**
     * What a loader finds. The module of the caller says {@code uses}, so the caller makes the loader.
     *
     * @param noun what messages call one of them, for example "encoder"
     * @param door the interface that is registered
     * @param loader finds them
     * @param <C> the interface
     * @return the configurations
     * @throws java.util.ServiceConfigurationError if a registered class can't be loaded
     */
    public static <C extends NamedConfiguration> Configurations<C> of(
            String noun, Class<C> door, ServiceLoader<C> loader) {
        return new Configurations<>(noun, door, Registry.of(noun, loader, NamedConfiguration::name));
    }

    /**
     * The defaults of a name.
     *
     * @param name of a registered configuration
     * @return its defaults
     * @throws IllegalArgumentException if there is none of that name, with the list of all
     */
    public C defaults(String name) {
        C found = registry.find(name);
        if (!found.getClass().isRecord()) {
            throw new IllegalArgumentException("the configuration of " + noun + " " + name + " must be a record, "
                    + found.getClass().getName() + " is none");
        }
        return found;
    }

    /**
     * All of them as users write them, with their defaults: for help.
     *
     * @return for example {@code lstm:channels=32,layers=3,width=256,dropout=0.1}
     */
    public List<String> described() {
        return registry.all().stream().map(this::text).toList();
    }

    /**
     * A configuration as users write it: {@link #parse(String)} reads it back.
     *
     * @param configuration one of them
     * @return its name and all its options
     */
    public String text(C configuration) {
        StringBuilder text = new StringBuilder(configuration.name());
        char separator = ':';
        for (Map.Entry<String, JsonNode> option : options(configuration).properties()) {
            text.append(separator)
                    .append(option.getKey())
                    .append('=')
                    .append(option.getValue().asString());
            separator = ',';
        }
        return text.toString();
    }

    /**
     * Reads what users write.
     *
     * @param text {@code NAME[:key=value,...]}
     * @return the configuration of that name, its defaults changed as the text says
     * @throws IllegalArgumentException if there is none of that name, it has no option of such a key, a key comes twice, or a value can't be read or is refused
     */
    public C parse(String text) {
        return parse(text, List.of());
    }

    /**
     * Reads what users write, where some options have flags of their own.
     *
     * @param text {@code NAME[:key=value,...]}
     * @param flags more options; the text can't hold the same
     * @return the configuration of that name, its defaults changed as text and flags say
     * @throws IllegalArgumentException as {@link #parse(String)} does
     */
    public C parse(String text, List<OptionValue> flags) {
        int colon = text.indexOf(':');
        C defaults = defaults(colon < 0 ? text : text.substring(0, colon));
        List<OptionValue> wanted = new ArrayList<>(flags);
        if (colon >= 0) {
            for (String option : text.substring(colon + 1).split(",", -1)) {
                int equals = option.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("want " + noun + " NAME:key=value,..., got \"" + text + "\"");
                }
                String key = option.substring(0, equals);
                wanted.add(new OptionValue(key, key, option.substring(equals + 1)));
            }
        }
        return wanted.isEmpty() ? defaults : with(defaults, wanted);
    }

    private C with(C defaults, List<OptionValue> wanted) {
        String who = noun + " " + defaults.name();
        ObjectNode options = options(defaults).deepCopy();
        Map<String, OptionValue> said = new HashMap<>();
        for (OptionValue option : wanted) {
            JsonNode before = options.get(option.key());
            if (before == null) {
                String keys = options.isEmpty() ? "none" : String.join(", ", options.propertyNames());
                throw new IllegalArgumentException(
                        option.source() + " means nothing to " + who + "; its options are: " + keys);
            }
            OptionValue other = said.put(option.key(), option);
            if (other != null) {
                throw new IllegalArgumentException(who + " is told its " + option.key() + " twice: by " + other.source()
                        + " and " + option.source());
            }
            options.set(option.key(), value(who + ": " + option.source(), before, option.value()));
        }
        ObjectNode whole = JSON.createObjectNode();
        whole.set(defaults.name(), options);
        try {
            return JSON.treeToValue(whole, door);
        } catch (JacksonException e) {
            Throwable cause = e.getCause();
            String reason = cause instanceof IllegalArgumentException ? cause.getMessage() : e.getOriginalMessage();
            throw new IllegalArgumentException(who + ": " + reason, e);
        }
    }

    private ObjectNode options(C configuration) {
        return (ObjectNode) JSON.valueToTree(configuration).get(configuration.name());
    }

    /** A value of the kind that the default is. */
    private static JsonNode value(String what, JsonNode before, String text) {
        if (before.isBoolean()) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException(what + " must be true or false, got \"" + text + "\"");
            }
            return JSON.getNodeFactory().booleanNode(text.equals("true"));
        }
        if (before.isNumber()) {
            try {
                return before.isIntegralNumber()
                        ? JSON.getNodeFactory().numberNode(Long.parseLong(text))
                        : JSON.getNodeFactory().numberNode(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                String kind = before.isIntegralNumber() ? "a whole number" : "a number";
                throw new IllegalArgumentException(what + " must be " + kind + ", got \"" + text + "\"", e);
            }
        }
        return JSON.getNodeFactory().stringNode(text);
    }
}
