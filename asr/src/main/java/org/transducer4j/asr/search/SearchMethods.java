package org.transducer4j.asr.search;

import java.util.ServiceLoader;
import org.transducer4j.speech.Registry;

/** The search methods that are registered. */
public final class SearchMethods {
    /** The one that is taken when nobody says. */
    public static final String DEFAULT = "greedy";

    private SearchMethods() {}

    /**
     * All of them.
     *
     * @return those on the class path and the module path
     */
    public static Registry<SearchMethod> registry() {
        return Registry.of("search method", ServiceLoader.load(SearchMethod.class), SearchMethod::name);
    }

    /**
     * The one of a name.
     *
     * @param name such as {@code greedy}
     * @return the method
     * @throws IllegalArgumentException if there is none of that name, with those there are
     */
    public static SearchMethod find(String name) {
        return registry().find(name);
    }
}
