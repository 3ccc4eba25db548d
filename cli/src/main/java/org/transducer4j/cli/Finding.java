package org.transducer4j.cli;

/**
 * A line of {@code t4j doctor}.
 *
 * @param state how it is
 * @param subject what was looked at
 * @param text what was found, and what to do
 */
record Finding(State state, String subject, String text) {
    /** How something is. */
    enum State {
        /** As it should be. */
        OK("ok"),
        /** Works, with something to know. */
        NOTE("note"),
        /** Training can't work. */
        PROBLEM("PROBLEM");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    @Override
    public String toString() {
        return "%-8s %-20s %s".formatted(state.word, subject, text);
    }
}
