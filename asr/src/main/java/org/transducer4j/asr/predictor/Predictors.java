package org.transducer4j.asr.predictor;

import java.util.ServiceLoader;
import org.transducer4j.asr.configuration.Configurations;
import org.transducer4j.asr.configuration.NameResolver;

/** The predictors that are registered. */
public final class Predictors {
    /** The one that is taken where none is asked for. */
    public static final String DEFAULT = "stateless";

    private Predictors() {}

    /**
     * All of them.
     *
     * @return those on the class path and the module path
     */
    public static Configurations<PredictorConfiguration> configurations() {
        return Configurations.of(
                "predictor", PredictorConfiguration.class, ServiceLoader.load(PredictorConfiguration.class));
    }

    /** Their names in JSON. */
    public static final class Names extends NameResolver {
        private static final long serialVersionUID = 1L;

        /** A resolver; it keeps nothing. */
        public Names() {}

        @Override
        protected Configurations<?> configurations() {
            return Predictors.configurations();
        }
    }
}
