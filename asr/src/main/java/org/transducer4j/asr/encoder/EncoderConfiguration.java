package org.transducer4j.asr.encoder;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.transducer4j.asr.configuration.NamedConfiguration;
import org.transducer4j.torch.ParameterSet;
import tools.jackson.databind.annotation.JsonTypeIdResolver;

/**
 * An encoder's configuration, which builds it: the door for encoders. To add one is to write such a record and to register it under this interface;
 * {@code t4j train --encoder NAME[:key=value,...]} then chooses it, and checkpoints hold name and options.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonTypeIdResolver(Encoders.Names.class)
public interface EncoderConfiguration extends NamedConfiguration {
    /**
     * Builds the encoder.
     *
     * @param parameters where its weights go; not sealed yet
     * @param prefix of their names, without a dot at the end
     * @param bins width of the features
     * @param width H, the joint width: that of the output
     * @return an encoder with fresh weights
     * @throws IllegalArgumentException if it can't have such features
     */
    Encoder build(ParameterSet parameters, String prefix, int bins, int width);
}
