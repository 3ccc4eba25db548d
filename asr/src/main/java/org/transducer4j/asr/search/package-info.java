/** Search: from encoder outputs to hypotheses, transcripts and alignments. */
@NullMarked
package org.transducer4j.asr.search;

import org.jspecify.annotations.NullMarked;
