package org.transducer4j.outside;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Somebody with Maven, who has projects of their own and our artifacts of this build in a local repository: that of this build but for
 * what of us was installed there, so nothing is fetched and nothing of us installed.
 */
final class Stranger {
    private static final List<String> OURS = List.of("loss", "torch", "speech", "asr");

    private final Path root; // of our sources
    private final Path home;

    /**
     * What a command has said.
     *
     * @param out standard output
     * @param err standard error
     */
    record Said(String out, String err) {}

    /**
     * Settles in an empty folder.
     *
     * @param root of our sources, with the jars that were packaged there
     * @param home where everything goes; what was there is deleted
     */
    Stranger(Path root, Path home) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        this.home = home.toAbsolutePath().normalize();
        delete(this.home);
        Path repository = this.home.resolve("repository");
        Path group = repository.resolve("org/transducer4j");
        Path shared = Path.of(property("outside.repository"));
        link(shared, repository, "org");
        link(shared.resolve("org"), repository.resolve("org"), "transducer4j");
        String parent = Files.readString(this.root.resolve("pom.xml"));
        String version = first(parent, "<version>(.*?)</version>");
        publish(group, "transducer4j", version, this.root.resolve("pom.xml"), ".pom");
        for (String module : OURS) {
            String artifact = "transducer4j-" + module;
            publish(group, artifact, version, this.root.resolve(module).resolve("pom.xml"), ".pom");
            Path jar = this.root.resolve(module).resolve("target").resolve(artifact + "-" + version + ".jar");
            publish(group, artifact, version, jar, ".jar");
        }
        Files.createDirectories(this.home.resolve(".mvn"));
        // The file in which Maven notes where artifacts are from says whose settings they came by: not those of here.
        Files.writeString(
                this.home.resolve(".mvn/maven.config"),
                "-o\n-B\n-ntp\n-Dmaven.repo.local=" + repository
                        + "\n-Daether.enhancedLocalRepository.trackingFilename=none\n");
        Files.writeString(this.home.resolve("pom.xml"), versions(parent));
    }

    /** Which plugins Maven takes where a project doesn't say depends on the Maven; these are the ones that were fetched for our own build. */
    private static String versions(String pom) {
        StringBuilder plugins = new StringBuilder();
        for (String plugin : List.of("maven-resources-plugin", "maven-dependency-plugin")) {
            plugins.append("<plugin><artifactId>%s</artifactId><version>%s</version></plugin>"
                    .formatted(
                            plugin, first(pom, "<artifactId>" + plugin + "</artifactId>\\s*<version>(.*?)</version>")));
        }
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>example</groupId>
                  <artifactId>versions</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <build><pluginManagement><plugins>%s</plugins></pluginManagement></build>
                </project>
                """.formatted(plugins);
    }

    /**
     * Begins a project.
     *
     * @param name of its folder
     * @param pom its pom.xml
     * @param sources by path below {@code src/main/java}
     * @return its folder
     */
    Path project(String name, String pom, Map<String, String> sources) throws IOException {
        Path folder = home.resolve(name);
        for (var source : sources.entrySet()) {
            Path file = folder.resolve("src/main/java").resolve(source.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
        }
        String parent =
                "<parent><groupId>example</groupId><artifactId>versions</artifactId><version>1</version></parent>";
        String opening = first(pom, "(?s)(<project.*?</modelVersion>)");
        Files.writeString(folder.resolve("pom.xml"), pom.replace(opening, opening + parent));
        return folder;
    }

    /** Runs a command line by the shell, with this build's Maven and Java. It must succeed within two minutes. */
    Said run(Path folder, String line) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("MAVEN_") || name.startsWith("JAVA_TOOL"));
        String java = System.getProperty("java.home");
        environment.put("JAVA_HOME", java);
        environment.put(
                "PATH", java + "/bin:" + property("outside.maven") + "/bin:" + environment.getOrDefault("PATH", ""));
        environment.put("LC_ALL", "C");
        environment.put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1"); // it compiles little, and ends soon
        Process process = builder.start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        Said said = new Said(Files.readString(out), Files.readString(err));
        if (!ended || process.waitFor() != 0) {
            throw new AssertionError(
                    (ended ? "it failed: " : "it doesn't end: ") + line + "\n" + said.out + "\n" + said.err);
        }
        return said;
    }

    private static void publish(Path group, String artifact, String version, Path file, String end) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(file + " isn't there: this is run by ./mvnw verify, after all is packaged");
        }
        Path folder = Files.createDirectories(group.resolve(artifact).resolve(version));
        Files.copy(file, folder.resolve(artifact + "-" + version + end));
    }

    /** A folder whose entries are those of another but for one. */
    private static void link(Path from, Path to, String without) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(without)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry.toAbsolutePath());
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() { // follows no links
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path emptied, IOException error) throws IOException {
                        Files.delete(emptied);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), "cli/pom.xml sets " + name);
    }

    private static String first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("there is no " + pattern);
        }
        return matcher.group(1);
    }
}
