/** The recogniser: model, training, checkpoints, decoding, scoring. */
module org.transducer4j.asr {
    requires transitive org.transducer4j.torch;
    requires transitive org.transducer4j.speech;
    requires org.slf4j;
    requires static org.jspecify;
}
