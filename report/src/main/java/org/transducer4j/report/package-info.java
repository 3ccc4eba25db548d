/** Pages and pictures of trainings, utterances and measurements. */
@NullMarked
package org.transducer4j.report;

import org.jspecify.annotations.NullMarked;
