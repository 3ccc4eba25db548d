/** The transducer's lattice, loss and gradients. */
module org.transducer4j.loss {
    requires jdk.incubator.vector;
    requires static org.jspecify;

    exports org.transducer4j.loss;
}
