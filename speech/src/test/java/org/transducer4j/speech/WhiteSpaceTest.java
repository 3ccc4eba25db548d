package org.transducer4j.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WhiteSpaceTest {
    @Test
    void isUnicodesProperty() {
        Pattern property = Pattern.compile("\\p{IsWhite_Space}");
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            boolean expected = property.matcher(Character.toString(point)).matches();
            assertEquals(expected, WhiteSpace.is(point), Integer.toHexString(point));
        }
    }

    @Test
    void splits() {
        String text = "\u3000one\u00a0two\u2003\u2028three\u0085 \ud83d\ude00\t";
        assertEquals(List.of("one", "two", "three", "\ud83d\ude00"), WhiteSpace.words(text));
        assertEquals("one\u00a0two\u2003\u2028three\u0085 \ud83d\ude00", WhiteSpace.strip(text));
        assertEquals(List.of(), WhiteSpace.words("\u3000\n"));
        assertEquals(List.of("a"), WhiteSpace.words("a"));
        assertEquals("", WhiteSpace.strip(" \u202f"));
        assertTrue(WhiteSpace.only("") && WhiteSpace.only("\u2029 ") && !WhiteSpace.only("\u200b"));
        assertTrue(WhiteSpace.in("a\u2007") && !WhiteSpace.in("a\u001f"));
        assertFalse(WhiteSpace.in(""));
    }
}
