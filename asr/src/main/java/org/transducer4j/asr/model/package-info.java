/** The streaming model and its checkpoints: one safetensors file that holds weights, configuration and tokens. */
@NullMarked
package org.transducer4j.asr.model;

import org.jspecify.annotations.NullMarked;
