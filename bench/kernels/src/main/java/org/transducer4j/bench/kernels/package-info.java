/** JMH benchmarks of the losses, and the command that runs all benchmarks. */
package org.transducer4j.bench.kernels;
