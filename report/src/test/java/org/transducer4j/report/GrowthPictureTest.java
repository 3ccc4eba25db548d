package org.transducer4j.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.transducer4j.speech.BadInputException;
import org.xml.sax.InputSource;

class GrowthPictureTest {
    @TempDir
    Path folder;

    @Test
    void thePictureIsXmlWithALineForEachNumberOfThreadsInEachPanel() throws Exception {
        StringBuilder tables = new StringBuilder();
        for (String dimension : new String[] {"B", "T"}) {
            StringBuilder rows = new StringBuilder();
            for (String threads : new String[] {"1 thread", "2 threads"}) {
                for (int x : new int[] {2, 4, 8}) {
                    rows.append(rows.isEmpty() ? "" : ",")
                            .append("{\"method\": \"tiled, %s\", \"x\": %d, \"seconds\": {\"median\": %s}}"
                                    .formatted(threads, x, x / 10.0));
                }
            }
            tables.append(tables.isEmpty() ? "" : ",")
                    .append("{\"name\": \"%s grows from B,T,U,V,H = 2,3,4,5,6\", \"x\": \"%s\", \"rows\": [%s]}"
                            .formatted(dimension, dimension, rows));
        }
        Path file = folder.resolve("growth.json");
        Files.writeString(file, "{\"tables\": [" + tables + "]}");
        String svg = GrowthPicture.of(file);
        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertEquals(2 * 2 * 3, document.getElementsByTagName("circle").getLength());
        assertTrue(svg.contains(">tiled, 1 thread<") && svg.contains(">tiled, 2 threads<"));
        assertTrue(svg.contains("from B,T,U,V,H = 2,3,4,5,6"), svg);
        Files.writeString(file, "{}");
        assertThrows(BadInputException.class, () -> GrowthPicture.of(file));
    }
}
