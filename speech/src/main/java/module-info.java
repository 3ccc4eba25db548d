/** Audio, features, manifests, tokens, augmentation, batches. */
module org.transducer4j.speech {
    requires java.desktop;
    requires tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;
}
