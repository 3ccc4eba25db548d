package org.transducer4j.asr.configuration;

/**
 * A value for an option of a configuration.
 *
 * @param source what messages call it: the key, or the flag that stands for it
 * @param key of the option
 * @param value as users write it
 */
public record OptionValue(String source, String key, String value) {}
