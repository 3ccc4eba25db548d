/** The loss on libtorch tensors. */
module org.transducer4j.torch {
    requires transitive org.transducer4j.loss;
    requires transitive org.bytedeco.pytorch;
    requires static org.jspecify;

    exports org.transducer4j.torch;
    exports org.transducer4j.torch.layer;
    exports org.transducer4j.torch.loss;
}
