/** The embedded demo: synthetic speech and a recogniser of spoken digits. */
@NullMarked
package org.transducer4j.demo;

import org.jspecify.annotations.NullMarked;
