/** Audio, features, manifests, tokens, augmentation, batches. */
module org.transducer4j.speech {
    requires transitive tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;

    exports org.transducer4j.speech;
}
