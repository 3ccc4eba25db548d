/** Checks of the loss against stored cases. */
module org.transducer4j.bench {
    requires org.transducer4j.loss;
    requires tools.jackson.databind;
    requires static org.jspecify;

    exports org.transducer4j.bench;
}
