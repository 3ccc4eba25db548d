/** Pages and pictures of trainings, utterances and measurements. */
module org.transducer4j.report {
    requires org.transducer4j.asr;
    requires java.desktop;
    requires static org.jspecify;

    exports org.transducer4j.report;
}
