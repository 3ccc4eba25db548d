/** The transducer's lattice, loss and gradients. JDK only. */
module org.transducer4j.loss {
    // Not every JVM is started with it: the simd provider says so, and the scalar one serves.
    requires static jdk.incubator.vector;
    requires static org.jspecify;

    exports org.transducer4j.loss;
    exports org.transducer4j.loss.input;
    exports org.transducer4j.loss.kernel;
    exports org.transducer4j.loss.lattice;
    exports org.transducer4j.loss.method;

    uses org.transducer4j.loss.kernel.KernelProvider;
    uses org.transducer4j.loss.method.BandRule;

    provides org.transducer4j.loss.kernel.KernelProvider with
            org.transducer4j.loss.internal.reference.ReferenceProvider,
            org.transducer4j.loss.internal.scalar.ScalarProvider,
            org.transducer4j.loss.internal.simd.SimdProvider;
    provides org.transducer4j.loss.method.BandRule with
            org.transducer4j.loss.method.FullBand,
            org.transducer4j.loss.method.AlignedBand,
            org.transducer4j.loss.method.PrunedBand;
}
