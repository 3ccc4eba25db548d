/** Typed configurations of what is chosen by name: how they are found, written on a command line and kept in JSON. */
@NullMarked
package org.transducer4j.asr.configuration;

import org.jspecify.annotations.NullMarked;
