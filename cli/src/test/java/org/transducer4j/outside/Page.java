package org.transducer4j.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The fenced blocks of a page. */
final class Page {
    private static final Pattern FENCED = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");

    private final List<Block> blocks;

    /**
     * A block.
     *
     * @param language what the fence says, may be empty
     * @param text its lines
     */
    private record Block(String language, String text) {}

    Page(Path file) throws IOException {
        blocks = FENCED.matcher(Files.readString(file))
                .results()
                .map(match -> new Block(match.group(1), match.group(2)))
                .toList();
    }

    /** The only block of a language that is like this. */
    String block(String language, Predicate<String> like) {
        List<String> found = blocks.stream()
                .filter(block -> block.language.equals(language) && like.test(block.text))
                .map(Block::text)
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException("the page has " + found.size() + " such blocks of " + language);
        }
        return found.getFirst();
    }

    /** A program by the name of its class. */
    String program(String name) {
        return block("java", text -> text.contains("public class " + name + " {"));
    }

    /** The only command line that is like this. */
    String command(Predicate<String> like) {
        List<String> found = blocks.stream()
                .filter(block -> block.language.isEmpty())
                .flatMap(block -> block.text.lines())
                .filter(like)
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException("the page has " + found.size() + " such commands: " + found);
        }
        return found.getFirst();
    }
}
