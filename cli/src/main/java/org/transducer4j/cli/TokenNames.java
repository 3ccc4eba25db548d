package org.transducer4j.cli;

import java.util.Iterator;
import java.util.stream.Stream;
import org.transducer4j.speech.token.TokenizerProvider;
import org.transducer4j.speech.token.Tokenizers;

/** The tokenizers that are registered, and the choice between words and characters. */
final class TokenNames implements Iterable<String> {
    TokenNames() {}

    @Override
    public Iterator<String> iterator() {
        return Stream.concat(
                        Stream.of(Tokenizers.AUTO),
                        Tokenizers.registry().all().stream().map(TokenizerProvider::name))
                .iterator();
    }
}
