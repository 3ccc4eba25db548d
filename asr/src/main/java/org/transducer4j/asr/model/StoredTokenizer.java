package org.transducer4j.asr.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.transducer4j.speech.BadInputException;
import org.transducer4j.speech.token.Tokenizer;
import org.transducer4j.speech.token.Tokenizers;

/** A tokenizer among the texts of a checkpoint: its name, its tokens.txt as it is, and other files of its own in base64. */
final class StoredTokenizer {
    private static final String NAME = "tokenizer";
    private static final String TOKENS = "tokens";
    private static final String FILES = NAME + "/";

    private StoredTokenizer() {}

    static void put(Tokenizer tokenizer, Map<String, String> texts) {
        texts.put(NAME, tokenizer.name());
        tokenizer.files().forEach((name, bytes) -> {
            if (name.equals(Tokenizer.TOKENS_FILE)) {
                texts.put(TOKENS, withoutLastBreak(new String(bytes, StandardCharsets.UTF_8)));
            } else {
                texts.put(FILES + name, Base64.getEncoder().encodeToString(bytes));
            }
        });
    }

    static Tokenizer read(Map<String, String> texts, Path file) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(Tokenizer.TOKENS_FILE, (texts.getOrDefault(TOKENS, "") + "\n").getBytes(StandardCharsets.UTF_8));
        texts.forEach((name, text) -> {
            if (name.startsWith(FILES)) {
                try {
                    files.put(
                            name.substring(FILES.length()), Base64.getDecoder().decode(text));
                } catch (IllegalArgumentException e) {
                    throw new BadInputException(file + ": \"" + name + "\" isn't base64: " + e.getMessage(), e);
                }
            }
        });
        return Tokenizers.read(texts.getOrDefault(NAME, ""), files, file);
    }

    private static String withoutLastBreak(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
