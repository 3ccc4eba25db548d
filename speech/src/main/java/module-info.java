/** Audio, features, corpora, tokens, augmentation, batches. */
module org.transducer4j.speech {
    requires com.fasterxml.jackson.annotation;
    requires tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;

    exports org.transducer4j.speech;
    exports org.transducer4j.speech.audio;
    exports org.transducer4j.speech.corpus;
    exports org.transducer4j.speech.feature;
    exports org.transducer4j.speech.token;

    uses org.transducer4j.speech.audio.AudioReader;
    uses org.transducer4j.speech.corpus.CorpusReader;
    uses org.transducer4j.speech.token.TokenizerProvider;

    provides org.transducer4j.speech.audio.AudioReader with
            org.transducer4j.speech.audio.Wav,
            org.transducer4j.speech.audio.Flac;
    provides org.transducer4j.speech.corpus.CorpusReader with
            org.transducer4j.speech.corpus.NemoManifest;
    provides org.transducer4j.speech.token.TokenizerProvider with
            org.transducer4j.speech.token.WordTokens,
            org.transducer4j.speech.token.CharacterTokens;
}
