/** The t4j command. */
module org.transducer4j.cli {
    requires org.transducer4j.asr;
    requires info.picocli;
    requires static org.jspecify;

    opens org.transducer4j.cli to
            info.picocli;
}
