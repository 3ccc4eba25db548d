/** Pages and pictures of trainings, utterances and measurements: it reads what others write to files, and knows no model. */
module org.transducer4j.report {
    requires org.transducer4j.loss;
    requires org.transducer4j.speech;
    requires java.desktop;
    requires tools.jackson.databind;
    requires static org.jspecify;

    exports org.transducer4j.report;
}
