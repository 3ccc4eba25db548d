package org.transducer4j.torch;

import java.io.Serial;

/** libtorch doesn't load on this machine; the message says why and what to add. */
public final class LibtorchException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    LibtorchException(String message, Throwable cause) {
        super(message, cause);
    }
}
