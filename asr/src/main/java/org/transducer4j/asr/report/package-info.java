/** Pages that show a training, measurements, or what a model makes of an utterance: one HTML file that needs nothing else. */
@NullMarked
package org.transducer4j.asr.report;

import org.jspecify.annotations.NullMarked;
