package org.transducer4j.asr.encoder;

import java.util.ServiceLoader;
import org.transducer4j.asr.configuration.Configurations;
import org.transducer4j.asr.configuration.NameResolver;

/** The encoders that are registered. */
public final class Encoders {
    /** The one that is taken where none is asked for. */
    public static final String DEFAULT = "lstm";

    private Encoders() {}

    /**
     * All of them.
     *
     * @return those on the class path and the module path
     */
    public static Configurations<EncoderConfiguration> configurations() {
        return Configurations.of("encoder", EncoderConfiguration.class, ServiceLoader.load(EncoderConfiguration.class));
    }

    /** Their names in JSON. */
    public static final class Names extends NameResolver {
        private static final long serialVersionUID = 1L;

        /** A resolver; it keeps nothing. */
        public Names() {}

        @Override
        protected Configurations<?> configurations() {
            return Encoders.configurations();
        }
    }
}
