package org.transducer4j.asr.configuration;

/**
 * The typed configuration of something that is chosen by name: a record of numbers, booleans, enumerations and texts, which checks itself with expected and
 * actual in the message.
 *
 * <p>An implementation is registered as itself ({@link java.util.ServiceLoader}): it has a public constructor without arguments, which gives the
 * defaults.
 */
public interface NamedConfiguration {
    /**
     * What users call it.
     *
     * @return a lower-case word, such as {@code lstm}
     */
    String name();
}
