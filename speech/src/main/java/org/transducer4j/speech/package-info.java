/** What all of speech shares: bad input, seeds, files and folders that are written whole. */
@NullMarked
package org.transducer4j.speech;

import org.jspecify.annotations.NullMarked;
