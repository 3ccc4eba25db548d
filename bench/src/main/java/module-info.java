/** Checks of the loss against stored cases, plans of what a batch costs, measurements of the training head and the tables of the works, trainings that differ in their loss only. */
module org.transducer4j.bench {
    requires transitive org.transducer4j.loss;
    requires transitive org.transducer4j.asr;
    requires org.transducer4j.speech;
    requires java.management;
    requires jdk.management;
    requires tools.jackson.databind;
    requires static org.jspecify;

    exports org.transducer4j.bench;
    exports org.transducer4j.bench.growth;
    exports org.transducer4j.bench.head;
    exports org.transducer4j.bench.highlight;
    exports org.transducer4j.bench.papers;
    exports org.transducer4j.bench.plan;
    exports org.transducer4j.bench.training;

    opens org.transducer4j.bench.growth to
            tools.jackson.databind;
    opens org.transducer4j.bench.head to
            tools.jackson.databind;
    opens org.transducer4j.bench.highlight to
            tools.jackson.databind;
    opens org.transducer4j.bench.papers to
            tools.jackson.databind;
    opens org.transducer4j.bench.plan to
            tools.jackson.databind;
}
