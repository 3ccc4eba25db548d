package org.transducer4j.architecture;

import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The classes that a class file or a source names, written with dots; classes within classes as the compiler names them. */
final class Names {
    /** In descriptors and signatures. */
    private static final Pattern DESCRIBED = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)(?=[;<])");

    /** A class name of ours, imported or in full. */
    private static final Pattern WRITTEN = Pattern.compile("\\borg\\.transducer4j(?:\\.[a-z]\\w*)+(?:\\.[A-Z]\\w*)");

    /** A package of ours as a whole, imported or linked. */
    private static final Pattern WHOLE = Pattern.compile(
            "(?:import (?:static )?|@link(?:plain)? |@see )(org\\.transducer4j(?:\\.[a-z]\\w*)+)(?=\\.\\*|[\\s}])");

    private Names() {}

    /** All that a class names: what it calls, its types, its annotations. */
    static Set<String> of(ClassModel model) {
        Set<String> names = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type
                when !type.asInternalName().startsWith("[") -> names.add(dotted(type.asInternalName()));
                // Descriptors, signatures and annotations are text of this form; a class entry of an array is, too.
                case Utf8Entry text -> described(text.stringValue(), names);
                default -> {}
            }
        }
        return names;
    }

    /** What a source imports or writes out in full, comments included. */
    static Set<String> ofSource(String text) {
        Set<String> names = new TreeSet<>();
        String body = text.replaceAll("(?m)^package [^;]*;", "");
        for (Pattern pattern : new Pattern[] {WRITTEN, WHOLE}) {
            Matcher matcher = pattern.matcher(body);
            while (matcher.find()) {
                names.add(matcher.group(matcher.groupCount()));
            }
        }
        return names;
    }

    /** What a class shows to those who use it or extend it. */
    static Set<String> shown(ClassModel model) {
        Set<String> names = new TreeSet<>();
        model.superclass().ifPresent(type -> names.add(dotted(type.asInternalName())));
        model.interfaces().forEach(type -> names.add(dotted(type.asInternalName())));
        signature(model, names);
        model.findAttribute(Attributes.permittedSubclasses())
                .ifPresent(attribute ->
                        attribute.permittedSubclasses().forEach(type -> names.add(dotted(type.asInternalName()))));
        model.fields().stream()
                .filter(field ->
                        field.flags().has(AccessFlag.PUBLIC) || field.flags().has(AccessFlag.PROTECTED))
                .forEach(field -> {
                    described(field.fieldType().stringValue(), names);
                    signature(field, names);
                });
        model.methods().stream()
                .filter(method ->
                        method.flags().has(AccessFlag.PUBLIC) || method.flags().has(AccessFlag.PROTECTED))
                .forEach(method -> {
                    described(method.methodType().stringValue(), names);
                    signature(method, names);
                    method.findAttribute(Attributes.exceptions())
                            .ifPresent(attribute ->
                                    attribute.exceptions().forEach(type -> names.add(dotted(type.asInternalName()))));
                });
        return names;
    }

    private static void signature(AttributedElement element, Set<String> names) {
        element.findAttribute(Attributes.signature())
                .ifPresent(attribute -> described(attribute.signature().stringValue(), names));
    }

    private static void described(String text, Set<String> names) {
        Matcher matcher = DESCRIBED.matcher(text);
        while (matcher.find()) {
            names.add(dotted(matcher.group(1)));
        }
    }

    private static String dotted(String internal) {
        return internal.replace('/', '.');
    }
}
