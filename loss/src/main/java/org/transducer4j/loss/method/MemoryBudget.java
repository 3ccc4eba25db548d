package org.transducer4j.loss.method;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scratch memory that a loss may hold: logits, hidden values, lattices, packed weights and sums of their gradients.
 * It is a contract: whatever B, T, U and V, no more is held. Inputs and the gradients handed out aren't scratch.
 *
 * @param bytes the limit, 1 or more
 */
public record MemoryBudget(long bytes) {
    private static final Pattern FORM =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*((?:[KMGT]i?)?B?)", Pattern.CASE_INSENSITIVE);

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it isn't positive
     */
    public MemoryBudget {
        if (bytes < 1) {
            throw new IllegalArgumentException("a memory budget must be 1 byte or more, not " + bytes);
        }
    }

    /**
     * Reads a size: a number with KiB, MiB, GiB, TiB (powers of 1024) or kB, MB, GB, TB (powers of 1000), or bytes.
     *
     * @param text for example 256MiB
     * @return the budget
     * @throws IllegalArgumentException if it is no size
     */
    public static MemoryBudget parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no memory size; write a number and a unit, for example 256MiB or 2GB");
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : "BKMGT".indexOf(unit.charAt(0));
        double base = unit.contains("I") || unit.length() == 1 ? 1024 : 1000;
        double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(base, power);
        if (bytes >= Long.MAX_VALUE) {
            throw new IllegalArgumentException("\"" + text + "\" is more memory than can be addressed");
        }
        return new MemoryBudget((long) bytes);
    }

    /**
     * Refuses what doesn't fit.
     *
     * @param what needs memory, for the message
     * @param needed bytes
     * @throws MemoryBudgetException if they are more than the budget
     */
    public void require(String what, long needed) {
        if (needed > bytes) {
            throw new MemoryBudgetException(
                    what + " needs " + needed + " bytes (" + format(needed) + "), the memory budget is " + bytes
                            + " bytes (" + format(bytes) + ")",
                    needed);
        }
    }

    /**
     * A size for people.
     *
     * @param bytes number of bytes
     * @return for example 256.0 MiB
     */
    public static String format(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        double size = bytes / 1024.0;
        int unit = 0;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
    }

    @Override
    public String toString() {
        return format(bytes);
    }
}
