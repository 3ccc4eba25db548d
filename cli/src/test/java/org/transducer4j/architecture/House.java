package org.transducer4j.architecture;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.constant.ModuleDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the modules of a project use of each other: of their compiled classes everything that they name, and of their sources what is
 * imported or written out in full, as a link in a comment is an arrow, too.
 */
final class House {
    /** The beginning of all our packages. */
    private static final String OURS = "org.transducer4j.";

    private final Map<String, Room> rooms = new TreeMap<>();
    private final Map<String, Set<String>> packages = new TreeMap<>(); // who has it

    /**
     * A Maven module.
     *
     * @param declaration its module-info, or null
     * @param classes by name; module-info isn't one
     * @param uses by package and used class: a class that uses it
     */
    private record Room(
            ClassModel declaration, Map<String, ClassModel> classes, Map<String, Map<String, String>> uses) {}

    /** Reads modules: folders with {@code target/classes} and {@code src/main/java} in them. */
    House(Path root, Set<String> modules) throws IOException {
        for (String module : modules) {
            Path folder = root.resolve(module);
            Room room = read(folder.resolve("target/classes"), folder.resolve("src/main/java"));
            rooms.put(module, room);
            room.classes
                    .keySet()
                    .forEach(name -> packages.computeIfAbsent(packageOf(name), _ -> new TreeSet<>())
                            .add(module));
        }
    }

    private static Room read(Path classes, Path sources) throws IOException {
        ClassModel declaration = null;
        Map<String, ClassModel> models = new TreeMap<>();
        Map<String, Map<String, String>> uses = new TreeMap<>();
        for (Path file : files(classes, ".class")) {
            ClassModel model = ClassFile.of().parse(file);
            if (file.endsWith("module-info.class")) {
                declaration = model;
                continue;
            }
            String name = model.thisClass().asInternalName().replace('/', '.');
            models.put(name, model);
            Map<String, String> used = uses.computeIfAbsent(packageOf(name), _ -> new TreeMap<>());
            Names.of(model).forEach(other -> used.putIfAbsent(other, name));
        }
        for (Path file : files(sources, ".java")) {
            if (!file.endsWith("module-info.java")) {
                String own = sources.relativize(file.getParent()).toString().replace('/', '.');
                Map<String, String> used = uses.computeIfAbsent(own, _ -> new TreeMap<>());
                Names.ofSource(Files.readString(file))
                        .forEach(other -> used.putIfAbsent(other, own + "/" + file.getFileName()));
            }
        }
        return new Room(declaration, models, uses);
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": isn't there; the modules must be compiled first");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    /** Of a class, or of a name that may be one: all before its first capital letter. */
    private static String packageOf(String name) {
        int end = 0;
        while (end < name.length() && !Character.isUpperCase(name.charAt(end))) {
            int dot = name.indexOf('.', end);
            end = dot < 0 ? name.length() + 1 : dot + 1;
        }
        return name.substring(0, Math.max(0, end - 1));
    }

    /** Number of all classes, for a test that wants to be sure that there was something to look at. */
    int size() {
        return rooms.values().stream().mapToInt(room -> room.classes.size()).sum();
    }

    /** Packages that are in more than one module. */
    List<String> split() {
        return packages.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> "package " + entry.getKey() + " is in " + String.join(" and ", entry.getValue()))
                .toList();
    }

    /** Modules that use or require one to which no arrow leads; arrows lead on. */
    List<String> upward(Map<String, Set<String>> arrows) {
        List<String> found = new ArrayList<>();
        rooms.forEach((module, room) -> {
            Set<String> allowed = closure(module, arrows);
            room.uses.forEach((own, used) -> used.forEach((name, user) -> {
                Set<String> owners = packages.getOrDefault(packageOf(name), Set.of());
                for (String owner : owners.contains(module) ? Set.<String>of() : owners) {
                    if (!allowed.contains(owner)) {
                        found.add("%s uses %s: %s names %s".formatted(module, owner, user, name));
                    }
                }
            }));
            for (String required : required(room)) {
                for (String other : rooms.keySet()) {
                    if (required.equals(name(other)) && !allowed.contains(other)) {
                        found.add("%s requires %s".formatted(module, other));
                    }
                }
            }
        });
        return found;
    }

    private String name(String module) {
        ClassModel declaration = Objects.requireNonNull(rooms.get(module)).declaration;
        return declaration == null
                ? ""
                : declaration
                        .findAttribute(Attributes.module())
                        .orElseThrow()
                        .moduleName()
                        .name()
                        .stringValue();
    }

    private static List<String> required(Room room) {
        return room.declaration == null
                ? List.of()
                : room.declaration.findAttribute(Attributes.module()).orElseThrow().requires().stream()
                        .map(required -> required.requires().asSymbol())
                        .map(ModuleDesc::name)
                        .toList();
    }

    private static Set<String> closure(String from, Map<String, Set<String>> arrows) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(arrows.getOrDefault(from, Set.of()));
        while (!open.isEmpty()) {
            String next = open.remove();
            if (reached.add(next)) {
                open.addAll(arrows.getOrDefault(next, Set.of()));
            }
        }
        return reached;
    }

    /** For each module with circles between its packages a shortest one, and who makes each step. */
    List<String> circles() {
        List<String> found = new ArrayList<>();
        rooms.forEach((module, room) -> {
            Map<String, Map<String, String>> steps = new TreeMap<>();
            room.uses.forEach((own, used) -> used.forEach((name, user) -> {
                String other = packageOf(name);
                if (!other.equals(own) && room.uses.containsKey(other)) {
                    steps.computeIfAbsent(own, _ -> new TreeMap<>()).putIfAbsent(other, user + " names " + name);
                }
            }));
            Set<String> done = new HashSet<>();
            for (String start : steps.keySet()) {
                List<String> circle = circle(start, steps);
                if (!circle.isEmpty() && done.add(String.join(" ", new TreeSet<>(circle)))) {
                    StringBuilder line = new StringBuilder(module + ": a circle of packages:");
                    for (int i = 0; i < circle.size(); i++) {
                        String next = circle.get((i + 1) % circle.size());
                        line.append(" %s -> %s (%s);"
                                .formatted(
                                        circle.get(i),
                                        next,
                                        steps.get(circle.get(i)).get(next)));
                    }
                    found.add(line.toString());
                }
            }
        });
        return found;
    }

    /** The shortest way from a package back to it, breadth first. */
    private static List<String> circle(String start, Map<String, Map<String, String>> steps) {
        Map<String, String> before = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            String at = open.remove();
            for (String next : steps.getOrDefault(at, Map.of()).keySet()) {
                if (next.equals(start)) {
                    List<String> way = new ArrayList<>();
                    for (String step = at; step != null; step = before.get(step)) {
                        way.addFirst(step);
                    }
                    return way;
                }
                if (before.putIfAbsent(next, at) == null) {
                    open.add(next);
                }
            }
        }
        return List.of();
    }

    /** What a package, or all of a module, names that it may not. */
    List<String> foreign(String module, Predicate<String> packages, Predicate<String> allowed) {
        List<String> found = new ArrayList<>();
        Objects.requireNonNull(rooms.get(module), module).uses.forEach((own, used) -> {
            if (packages.test(own)) {
                used.forEach((name, user) -> {
                    if (!packageOf(name).equals(own) && !allowed.test(packageOf(name))) {
                        found.add(user + " names " + name);
                    }
                });
            }
        });
        return found;
    }

    /** Classes of internal packages that an exported one shows to those who use it. */
    List<String> leaks() {
        List<String> found = new ArrayList<>();
        rooms.forEach((module, room) -> {
            Set<String> exported = exported(room);
            room.classes.forEach((name, model) -> {
                if (exported.contains(packageOf(name)) && isVisible(name, model, room)) {
                    for (String shown : Names.shown(model)) {
                        if (shown.startsWith(OURS) && packageOf(shown).contains(".internal")) {
                            found.add(module + ": " + name + " shows " + shown);
                        }
                    }
                }
            });
            exported.stream()
                    .filter(each -> each.contains(".internal"))
                    .forEach(each -> found.add(module + ": exports " + each));
        });
        return found;
    }

    /** To whom it is exported doesn't count: an export to some is one. */
    private static Set<String> exported(Room room) {
        Set<String> exported = new TreeSet<>();
        if (room.declaration != null) {
            room.declaration
                    .findAttribute(Attributes.module())
                    .orElseThrow()
                    .exports()
                    .forEach(export ->
                            exported.add(export.exportedPackage().asSymbol().name()));
        }
        return exported;
    }

    /** Whether a class and all around it are public or protected. */
    private static boolean isVisible(String name, ClassModel model, Room room) {
        var inner = model.findAttribute(Attributes.innerClasses()).stream()
                .flatMap(attribute -> attribute.classes().stream())
                .filter(info -> info.innerClass().equals(model.thisClass()))
                .findFirst();
        if (inner.isEmpty()) {
            return model.flags().has(AccessFlag.PUBLIC);
        }
        boolean open = inner.get().has(AccessFlag.PUBLIC) || inner.get().has(AccessFlag.PROTECTED);
        if (!open || inner.get().outerClass().isEmpty()) {
            return false;
        }
        String outer = inner.get().outerClass().get().asInternalName().replace('/', '.');
        return isVisible(outer, Objects.requireNonNull(room.classes.get(outer), outer), room);
    }

    Set<String> modules() {
        return rooms.keySet();
    }

    /** Whether a module's module-info requires another. */
    boolean requires(String module, String other) {
        return required(Objects.requireNonNull(rooms.get(module), module)).contains(other);
    }

    /** Each interface of ours that a module looks for implementations of, and why others can't write one; empty if they can. */
    Map<String, String> doors() {
        Map<String, String> doors = new TreeMap<>();
        for (Room room : rooms.values()) {
            if (room.declaration != null) {
                for (var used : room.declaration
                        .findAttribute(Attributes.module())
                        .orElseThrow()
                        .uses()) {
                    String name = used.asInternalName().replace('/', '.');
                    if (name.startsWith(OURS)) {
                        doors.put(name, fault(name));
                    }
                }
            }
        }
        return doors;
    }

    /** Why others can't write a class of a type of ours; empty if they can. */
    String fault(String type) {
        for (Room room : rooms.values()) {
            ClassModel model = room.classes.get(type);
            if (model != null) {
                if (!model.flags().has(AccessFlag.INTERFACE)) {
                    return type + " isn't an interface";
                }
                if (!model.flags().has(AccessFlag.PUBLIC)) {
                    return type + " isn't public";
                }
                if (model.findAttribute(Attributes.permittedSubclasses()).isPresent()) {
                    return type + " is sealed";
                }
                return exported(room).contains(packageOf(type)) ? "" : type + " isn't exported";
            }
        }
        return type + " isn't there";
    }

    /** Modules without a module-info. */
    List<String> undeclared() {
        return rooms.entrySet().stream()
                .filter(entry -> entry.getValue().declaration == null)
                .map(Map.Entry::getKey)
                .toList();
    }
}
