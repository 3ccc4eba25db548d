package org.transducer4j.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium, driven by its WebDriver. */
final class Browser implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Process driver;
    private final String session;

    Browser(Path profile) throws IOException {
        driver = new ProcessBuilder("chromedriver", "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader reader = driver.inputReader();
        String port = null;
        while (port == null) {
            String line = reader.readLine();
            if (line == null) {
                throw new IOException("chromedriver ended before it was ready");
            }
            Matcher matcher = PORT.matcher(line);
            port = matcher.find() ? matcher.group(1) : null;
        }
        List<String> arguments = List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile);
        String driverAt = "http://127.0.0.1:" + port + "/session";
        JsonNode started = post(
                driverAt,
                Map.of(
                        "capabilities",
                        Map.of(
                                "alwaysMatch",
                                Map.of(
                                        "goog:chromeOptions", Map.of("args", arguments),
                                        "goog:loggingPrefs", Map.of("browser", "ALL")))));
        session = driverAt + "/" + started.path("sessionId").asString();
    }

    /** Whether there's a browser on this machine. */
    static boolean isInstalled() {
        return Stream.of("chromium", "chromedriver")
                .allMatch(name -> Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))));
    }

    /** Opens a file on a screen of so many pixels. */
    void open(Path file, int width, boolean dark) throws IOException {
        devTools(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        devTools(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        post(session + "/url", Map.of("url", file.toUri().toString()));
    }

    /** What a script returns. */
    JsonNode run(String script) throws IOException {
        return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Everything in the console since the last call. */
    JsonNode console() throws IOException {
        return post(session + "/se/log", Map.of("type", "browser"));
    }

    /** A picture of the whole page. */
    void screenshot(Path png) throws IOException {
        JsonNode result = devTools("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(png, Base64.getDecoder().decode(result.path("data").asString()));
    }

    private JsonNode devTools(String command, Map<String, ?> parameters) throws IOException {
        return post(session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
    }

    private static JsonNode post(String address, Map<String, ?> body) throws IOException {
        return request("POST", address, JSON.writeValueAsString(body));
    }

    private static JsonNode request(String method, String address, String body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setRequestMethod(method);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        }
        int status = connection.getResponseCode();
        byte[] answer = (status < 400 ? connection.getInputStream() : connection.getErrorStream()).readAllBytes();
        if (status >= 400) {
            throw new IOException(method + " " + address + ": " + new String(answer, StandardCharsets.UTF_8));
        }
        return JSON.readTree(answer).path("value");
    }

    @Override
    public void close() throws IOException {
        try {
            request("DELETE", session, "");
        } finally {
            driver.destroy();
        }
    }
}
