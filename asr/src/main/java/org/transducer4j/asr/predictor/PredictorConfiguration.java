package org.transducer4j.asr.predictor;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.transducer4j.asr.configuration.NamedConfiguration;
import org.transducer4j.torch.ParameterSet;
import tools.jackson.databind.annotation.JsonTypeIdResolver;

/**
 * A predictor's configuration, which builds it: the door for predictors. To add one is to write such a record and to register it under this interface;
 * {@code t4j train --predictor NAME[:key=value,...]} then chooses it, and checkpoints hold name and options.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonTypeIdResolver(Predictors.Names.class)
public interface PredictorConfiguration extends NamedConfiguration {
    /**
     * Builds the predictor.
     *
     * @param parameters where its weights go; not sealed yet
     * @param prefix of their names, without a dot at the end
     * @param vocabulary V, blank among them
     * @param blank index of the blank symbol
     * @param width H, the joint width: that of the output
     * @return a predictor with fresh weights
     */
    Predictor build(ParameterSet parameters, String prefix, int vocabulary, int blank, int width);
}
