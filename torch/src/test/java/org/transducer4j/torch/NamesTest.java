package org.transducer4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleReader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void noClassIsNamedLikeOneOfTheBindingsSoThatStarImportsWork() throws IOException {
        Set<String> theirs = classes(torch.class);
        theirs.addAll(classes(Pointer.class));
        assertTrue(theirs.contains("AdamW") && theirs.contains("PointerScope"), "the bindings were listed");
        Set<String> ours = classes(Torch.class);
        assertTrue(ours.contains("ParameterSet") && ours.contains("TransducerHead"), "our classes were listed");
        ours.retainAll(theirs);
        assertEquals(Set.of(), ours);
    }

    /** Simple names of the top-level classes in a class's module. These tests run on the module path. */
    private static Set<String> classes(Class<?> type) throws IOException {
        Module module = type.getModule();
        assertTrue(module.isNamed(), type + " isn't in a module: the tests run on the class path");
        try (ModuleReader reader = module.getLayer()
                .configuration()
                .findModule(module.getName())
                .orElseThrow()
                .reference()
                .open()) {
            return reader.list()
                    .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
                    .map(name -> name.substring(name.lastIndexOf('/') + 1, name.length() - ".class".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
