package org.transducer4j.speech.token;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.transducer4j.speech.corpus.CorpusUtterance;

/** Makes tokens that are words. */
public final class WordTokens implements TokenizerProvider {
    /** For {@link java.util.ServiceLoader}. */
    public WordTokens() {}

    @Override
    public String name() {
        return Tokens.Kind.WORD.word();
    }

    @Override
    public Tokens learn(List<CorpusUtterance> utterances) {
        return Tokens.of(Tokens.Kind.WORD, utterances);
    }

    @Override
    public Tokens read(Map<String, byte[]> files, Path where) {
        return Tokens.parse(Tokens.Kind.WORD, files, where);
    }
}
