package org.transducer4j.cli;

/** What the process ends with; the same for every command. */
final class ExitCode {
    /** Everything was done. */
    static final int OK = 0;

    /** The command ran and what it checks isn't as it should be. */
    static final int FAILED = 1;

    /** The input or the command line can't be used; one line says why. */
    static final int BAD_INPUT = 2;

    /** An error of the program itself. */
    static final int INTERNAL = 70;

    /** The terminal is gone (SIGHUP), as a shell says it. */
    static final int HUNG_UP = 129;

    /** Ctrl-C or SIGINT ended the program, as a shell says it. */
    static final int INTERRUPTED = 130;

    /** SIGTERM ended the program, as a shell says it. */
    static final int TERMINATED = 143;

    private ExitCode() {}
}
