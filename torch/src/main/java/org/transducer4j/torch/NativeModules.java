package org.transducer4j.torch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;

/**
 * Loads the natives of the bindings out of jars that lie on the module path but that no module requires.
 *
 * <p>The jars with the natives of a platform are modules of their own ({@code org.bytedeco.pytorch.linux.x86_64}). Nothing can require
 * them without tying itself to one platform, so the JVM leaves them out of its module graph, and JavaCPP's loader doesn't see their
 * resources. Here they are looked up on the module path as files, and handed to that same loader: extraction, cache and links
 * between the libraries are its own, and the same as on the class path.
 */
final class NativeModules {
    /** The classes with natives, in the order in which these need one another. A class literal doesn't initialise its class. */
    private static final List<Class<?>> BOUND =
            List.of(Pointer.class, openblas_nolapack.class, openblas.class, torch.class, torch_gloo.class);

    /** A library of each jar. */
    private static final Map<String, String> LIBRARIES =
            new TreeMap<>(Map.of("javacpp", "jnijavacpp", "openblas", "jniopenblas_nolapack", "pytorch", "jnitorch"));

    private NativeModules() {}

    /**
     * Loads the natives, if it takes this class.
     *
     * @throws UnsatisfiedLinkError if one is on the module path and doesn't load
     * @throws UncheckedIOException if a jar of natives can't be read
     */
    static void load() {
        if (!Loader.class.getModule().isNamed()) {
            return; // on the class path the loader sees them
        }
        Map<String, List<URL>> files = files(Loader.getPlatform());
        if (!files.isEmpty()) {
            BOUND.forEach(bound -> load(bound, files));
        }
    }

    /**
     * What a user can do where the natives don't load.
     *
     * @return a sentence
     */
    static String advice() {
        String platform = Loader.getPlatform();
        List<String> missing = missing(platform);
        if (missing.isEmpty()) {
            return "The jars of natives for " + platform + " are there. They are unpacked to the folder that"
                    + " -Dorg.bytedeco.javacpp.cachedir names, by default .javacpp/cache in the home directory: it must be"
                    + " writable and have 500 MB left";
        }
        return "Add to the " + (Loader.class.getModule().isNamed() ? "module path: " : "class path: ")
                + String.join(", ", missing) + " (Maven: group org.bytedeco, classifier " + platform + ")";
    }

    /** The jars of natives that are nowhere to be found. */
    private static List<String> missing(String platform) {
        boolean modules = Loader.class.getModule().isNamed();
        Map<String, List<URL>> files = modules ? files(platform) : Map.of();
        List<String> names = new ArrayList<>();
        LIBRARIES.forEach((jar, library) -> {
            String resource = "org/bytedeco/" + jar + "/" + platform + "/" + library;
            boolean there = files.keySet().stream().anyMatch(file -> file.contains(library))
                    || ModuleLayer.boot().findModule(moduleName(jar, platform)).isPresent()
                    || Stream.of("lib" + library + ".so", "lib" + library + ".dylib", library + ".dll")
                            .anyMatch(file ->
                                    Loader.class.getClassLoader().getResource(resource.replace(library, file)) != null);
            if (!there) {
                names.add(jar + "-VERSION-" + platform + ".jar");
            }
        });
        return names;
    }

    private static String moduleName(String jar, String platform) {
        return "org.bytedeco." + jar + "." + platform.replace('-', '.');
    }

    /** What {@code Loader.load(bound)} does, but that the libraries come from {@code files}. */
    private static void load(Class<?> bound, Map<String, List<URL>> files) {
        ClassProperties properties = Loader.loadProperties(bound, Loader.loadProperties(), true);
        List<String> loaded = new ArrayList<>();
        for (String needed : concat(properties.get("platform.preload"), properties.get("platform.link"))) {
            try {
                String file = Loader.loadLibrary(
                        bound, find(needed, properties, files), needed, loaded.toArray(String[]::new));
                if (file != null) {
                    loaded.add(file);
                }
            } catch (UnsatisfiedLinkError _) {
                // Most of them are for some platforms only. If one was needed, the library below says so.
            }
        }
        String library = properties.getProperty("platform.library");
        URL[] urls = find(library, properties, files);
        if (urls.length
                > 0) { // else the class isn't for this platform, or its initialiser will say that a jar is missing
            Loader.loadLibrary(bound, urls, library, loaded.toArray(String[]::new));
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /**
     * Where a library lies.
     *
     * @param library in JavaCPP's notation {@code name@version#otherName@version}: the part behind # is the name under which the file is extracted
     */
    private static URL[] find(String library, ClassProperties properties, Map<String, List<URL>> files) {
        String[] names = library.trim().replace("!", "").split("#", -1);
        if (names[names.length - 1].isEmpty()) {
            return new URL[0]; // one of the system's
        }
        List<String> sought = fileNames(names[0], properties);
        List<String> extracted = fileNames(names[names.length - 1], properties);
        List<URL> found = new ArrayList<>();
        for (int i = 0; i < sought.size(); i++) {
            for (URL url : files.getOrDefault(sought.get(i), List.of())) {
                found.add(names.length == 1 ? url : url(URI.create(url + "#" + extracted.get(i))));
            }
        }
        return found.toArray(URL[]::new);
    }

    /** libNAME.so.VERSION, as on Linux, libNAME.VERSION.dylib, as on macOS, and the name alone. */
    private static List<String> fileNames(String library, ClassProperties properties) {
        String[] parts = library.split("@", -1);
        String name = properties.getProperty("platform.library.prefix", "") + parts[0];
        String version = parts.length == 1 ? "" : parts[parts.length - 1];
        List<String> result = new ArrayList<>();
        for (String suffix : properties.get("platform.library.suffix")) {
            result.addAll(List.of(name + suffix + version, name + version + suffix, name + suffix));
        }
        return result;
    }

    /** The libraries in modules of the platform that aren't in the module graph, by file name. */
    private static Map<String, List<URL>> files(String platform) {
        String path = System.getProperty("jdk.module.path", "");
        Path[] entries = Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toArray(Path[]::new);
        String suffix = "." + platform.replace('-', '.');
        Map<String, List<URL>> files = new HashMap<>();
        ModuleFinder.of(entries).findAll().stream()
                .filter(module -> module.descriptor().name().startsWith("org.bytedeco."))
                // Behind the platform may be an extension such as gpu; JavaCPP tries these first.
                .filter(module -> (module.descriptor().name() + ".").contains(suffix + "."))
                .filter(module -> ModuleLayer.boot()
                        .findModule(module.descriptor().name())
                        .isEmpty())
                .sorted(Comparator.comparing(
                                (ModuleReference module) -> module.descriptor().name())
                        .reversed())
                .forEach(module -> list(module, platform, files));
        return files;
    }

    private static void list(ModuleReference module, String platform, Map<String, List<URL>> files) {
        try (ModuleReader reader = module.open()) {
            for (String resource : (Iterable<String>) reader.list()::iterator) {
                String folder = resource.substring(0, resource.lastIndexOf('/') + 1);
                if (folder.startsWith("org/bytedeco/") && folder.contains("/" + platform)) {
                    files.computeIfAbsent(resource.substring(folder.length()), _ -> new ArrayList<>())
                            .add(url(reader.find(resource).orElseThrow()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    module.location().map(URI::toString).orElse("a jar of natives") + " can't be read", e);
        }
    }

    private static URL url(URI uri) {
        try {
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(uri + " is no address of a library", e);
        }
    }
}
