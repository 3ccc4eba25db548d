/** The t4j command. */
module org.transducer4j.cli {
    requires org.transducer4j.asr;
    requires org.transducer4j.bench;
    requires org.transducer4j.demo;
    requires org.transducer4j.loss;
    requires org.transducer4j.report;
    requires org.transducer4j.speech;
    requires org.transducer4j.torch;
    requires info.picocli;
    requires jdk.management;
    requires jdk.unsupported;
    requires tools.jackson.databind;
    requires static org.jspecify;

    opens org.transducer4j.cli to
            info.picocli,
            tools.jackson.databind;
}
