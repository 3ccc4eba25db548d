package org.transducer4j.speech.audio;

/**
 * What the header of a sound file says.
 *
 * @param sampleRate in Hz
 * @param channels number of channels
 * @param samples samples a channel; -1 where the header doesn't say
 */
public record AudioInfo(int sampleRate, int channels, long samples) {}
