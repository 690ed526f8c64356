package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Against the test vectors of SipHash's authors: key 00 01 … 0f, input 00 01 … of growing length. */
class KeyHashTest {
    private static String hash(int length) {
        ByteBuffer input = ByteBuffer.allocate(length + 5).position(3).limit(length + 3).slice();
        for (int at = 0; at < length; at++) input.put(at, (byte) at);
        KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        hash.of(input, input.position(), length);
        ByteBuffer out = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(hash.high())
                .putLong(hash.low());
        StringBuilder text = new StringBuilder();
        for (byte one : out.array()) text.append(String.format("%02x", one));
        return text.toString();
    }

    @Test
    void isTheAuthorsSipHash() {
        assertEquals("a3817f04ba25a8e66df67214c7550293", hash(0));
        assertEquals("da87c1d86b99af44347659119b22fc45", hash(1));
        assertEquals("8177228da4a45dc7fca38bdef60affe4", hash(2));
    }
}
