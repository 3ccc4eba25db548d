/** Tokens: transcripts as symbols of a vocabulary, and the times at which they are spoken. */
@NullMarked
package org.transducer4j.speech.token;

import org.jspecify.annotations.NullMarked;
