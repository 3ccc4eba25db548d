package org.transducer4j.bench;

/**
 * Who wrote results.
 *
 * @param command the command line
 * @param version of the program
 */
public record Origin(String command, String version) {}
