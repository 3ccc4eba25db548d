/**
 * The methods of the field: which nodes exist (bands), how many at once (schedules), within which memory.
 */
@NullMarked
package org.transducer4j.loss.method;

import org.jspecify.annotations.NullMarked;
