/** The embedded demo: synthetic speech and a recogniser of spoken digits. */
module org.transducer4j.demo {
    requires transitive org.transducer4j.asr;
    requires freetts;
    requires java.desktop;
    requires static org.jspecify;

    exports org.transducer4j.demo;
}
