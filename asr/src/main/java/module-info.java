/** The recogniser: encoders, predictors, criteria, training, checkpoints, search, scoring. */
module org.transducer4j.asr {
    requires transitive org.transducer4j.torch;
    requires transitive org.transducer4j.speech;
    requires com.fasterxml.jackson.annotation;
    requires tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;

    exports org.transducer4j.asr.configuration;
    exports org.transducer4j.asr.criterion;
    exports org.transducer4j.asr.encoder;
    exports org.transducer4j.asr.export;
    exports org.transducer4j.asr.model;
    exports org.transducer4j.asr.predictor;
    exports org.transducer4j.asr.score;
    exports org.transducer4j.asr.search;
    exports org.transducer4j.asr.stream;
    exports org.transducer4j.asr.train;

    opens org.transducer4j.asr.criterion to
            tools.jackson.databind;
    opens org.transducer4j.asr.encoder to
            tools.jackson.databind;
    opens org.transducer4j.asr.model to
            tools.jackson.databind;
    opens org.transducer4j.asr.predictor to
            tools.jackson.databind;
    opens org.transducer4j.asr.score to
            tools.jackson.databind;
    opens org.transducer4j.asr.search to
            tools.jackson.databind;
    opens org.transducer4j.asr.train to
            tools.jackson.databind;

    uses org.transducer4j.asr.criterion.Criterion;
    uses org.transducer4j.asr.encoder.EncoderConfiguration;
    uses org.transducer4j.asr.export.Exporter;
    uses org.transducer4j.asr.predictor.PredictorConfiguration;
    uses org.transducer4j.asr.search.SearchMethod;

    provides org.transducer4j.asr.criterion.Criterion with
            org.transducer4j.asr.criterion.TransducerCriterion,
            org.transducer4j.asr.criterion.CtcCriterion,
            org.transducer4j.asr.criterion.AlignedCriterion,
            org.transducer4j.asr.criterion.PrunedCriterion;
    provides org.transducer4j.asr.encoder.EncoderConfiguration with
            org.transducer4j.asr.encoder.LstmConfiguration;
    provides org.transducer4j.asr.export.Exporter with
            org.transducer4j.asr.export.WeightsExporter;
    provides org.transducer4j.asr.predictor.PredictorConfiguration with
            org.transducer4j.asr.predictor.StatelessConfiguration;
    provides org.transducer4j.asr.search.SearchMethod with
            org.transducer4j.asr.search.Greedy;
}
