/** Being built. */
@NullMarked
package org.transducer4j.speech;

import org.jspecify.annotations.NullMarked;
