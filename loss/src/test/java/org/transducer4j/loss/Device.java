package org.transducer4j.loss;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.transducer4j.loss.input.LossOptions;
import org.transducer4j.loss.kernel.KernelProviders;
import org.transducer4j.loss.kernel.Kernels;

/** A thread whose memory no other thread can read or write, and kernels that compute there. */
final class Device implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicLong calls = new AtomicLong();
    private final Arena memory = on(Arena::ofConfined);

    /** What the device's thread makes of this. */
    <T> T on(Callable<T> work) {
        try {
            return thread.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy in the device's memory. */
    MemorySegment moved(MemorySegment host) {
        return on(() -> memory.allocate(host.byteSize(), Float.BYTES).copyFrom(host));
    }

    /** Kernels that compute there. */
    Kernels kernels(LossOptions options) {
        return there(
                Kernels.class,
                on(() -> KernelProviders.choose(options.provider()).open(options.threads())));
    }

    /** How often the kernels have been called. */
    long calls() {
        return calls.get();
    }

    /** The same object, its methods run there, and so those of the kernels that it returns. */
    private <T> T there(Class<T> type, Object object) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    calls.incrementAndGet();
                    Object result = on(() -> invoke(method, object, arguments));
                    Class<?> returned = method.getReturnType();
                    return returned.isInterface() && returned.getPackage().equals(Kernels.class.getPackage())
                            ? there(returned, result)
                            : result;
                }));
    }

    private static Object invoke(Method method, Object object, Object[] arguments) throws Exception {
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void close() {
        on(() -> {
            memory.close();
            return true;
        });
        thread.shutdown();
    }
}
