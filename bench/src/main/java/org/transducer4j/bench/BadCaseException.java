package org.transducer4j.bench;

/** A case folder, or a file in it, that can't be read as one; the message names the file. */
public final class BadCaseException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message file, expected and actual
     */
    public BadCaseException(String message) {
        super(message);
    }
}
