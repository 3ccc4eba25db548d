package org.transducer4j.loss.method;

/** A computation doesn't fit the memory budget; nothing has been computed. */
public final class MemoryBudgetException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What would do. */
    private final long neededBytes;

    /**
     * Says what would do.
     *
     * @param message in a sentence
     * @param neededBytes as a number
     */
    public MemoryBudgetException(String message, long neededBytes) {
        super(message);
        this.neededBytes = neededBytes;
    }

    /**
     * The budget that would do.
     *
     * @return bytes
     */
    public long neededBytes() {
        return neededBytes;
    }
}
