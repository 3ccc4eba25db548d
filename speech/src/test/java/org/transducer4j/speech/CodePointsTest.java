package org.transducer4j.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class CodePointsTest {
    @Test
    void whatCantBeToldBySightIsNumbered() {
        assertEquals("\"one\"", CodePoints.quoted("one"));
        assertEquals("\"w\u043erd\" (U+043E CYRILLIC SMALL LETTER O)", CodePoints.quoted("w\u043erd"));
        assertEquals("\"a\u200bb\u200b\" (U+200B ZERO WIDTH SPACE)", CodePoints.quoted("a\u200bb\u200b"));
        assertEquals("\"aU+001Fb\" (U+001F INFORMATION SEPARATOR ONE)", CodePoints.quoted("a\u001fb"));
        assertEquals("\"U+D800\" (U+D800 UNPAIRED SURROGATE)", CodePoints.quoted("\ud800"));
        assertEquals("\"U+3000\" (U+3000 IDEOGRAPHIC SPACE)", CodePoints.quoted("\u3000"));
        assertEquals("\"\u03b1\u03b2\u03b3\" (U+03B1, U+03B2, U+03B3)", CodePoints.quoted("\u03b1\u03b2\u03b3"));
        assertEquals(
                "\"\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03b9\""
                        + " (U+03B1, U+03B2, U+03B3, U+03B4, U+03B5, U+03B6, U+03B7, U+03B8, ...)",
                CodePoints.quoted("\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03b9"));
    }

    @Test
    void whatNoTextMayHold() {
        assertNull(CodePoints.fault("one\ttwo\u0085\u3000\u200d \ud83d\ude00 \u00e9"));
        assertEquals("a control character, U+001F, as character 4", CodePoints.fault("one\u001f"));
        assertEquals("a control character, U+0000, as character 1", CodePoints.fault("\u0000"));
        assertEquals("half of a surrogate pair, U+DE00, as character 3", CodePoints.fault("\ud83d\ude00 \ude00"));
        assertEquals("half of a surrogate pair, U+D83D, as character 2", CodePoints.fault("a\ud83d"));
    }
}
