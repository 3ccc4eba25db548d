/** Audio, features, manifests, tokens, augmentation, batches. */
module org.transducer4j.speech {
    requires transitive tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;

    exports org.transducer4j.speech;
    exports org.transducer4j.speech.audio;
    exports org.transducer4j.speech.corpus;
    exports org.transducer4j.speech.feature;
    exports org.transducer4j.speech.token;
}
