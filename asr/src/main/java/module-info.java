/** The recogniser: model, training, checkpoints, decoding, scoring. */
module org.transducer4j.asr {
    requires transitive org.transducer4j.torch;
    requires transitive org.transducer4j.speech;
    requires freetts;
    requires java.desktop;
    requires org.slf4j;
    requires static org.jspecify;

    exports org.transducer4j.asr.demo;
    exports org.transducer4j.asr.model;
    exports org.transducer4j.asr.train;
    exports org.transducer4j.asr.decode;
    exports org.transducer4j.asr.score;
    exports org.transducer4j.asr.report;

    opens org.transducer4j.asr.model to
            tools.jackson.databind;
    opens org.transducer4j.asr.train to
            tools.jackson.databind;
    opens org.transducer4j.asr.decode to
            tools.jackson.databind;
    opens org.transducer4j.asr.score to
            tools.jackson.databind;
}
