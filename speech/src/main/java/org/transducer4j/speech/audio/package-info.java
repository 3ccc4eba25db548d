/** Sound files: WAV and FLAC in, samples at any rate out. */
@NullMarked
package org.transducer4j.speech.audio;

import org.jspecify.annotations.NullMarked;
