package io.semel.log;

import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Recognises a record of Kafka's message formats 0 and 1, so that recovery does not take a log that another
 * broker has written for garbage, and cut it. Stateless.
 */
final class OldMessage {
    private static final int SIZE_AT = 8;
    private static final int CRC_AT = 12;
    private static final int MAGIC_AT = 16;
    private static final int HEAD_BYTES = 18;
    private static final int BYTES_MAX = 64 << 20;

    private OldMessage() {
    }

    /** 0 or 1 when a whole one stands there and its CRC holds; -1 otherwise. */
    static int magicAt(DiskFile file, int position, int end) {
        if (end - position < HEAD_BYTES) return -1;
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        file.read(head, position);
        int magic = head.get(MAGIC_AT);
        int size = head.getInt(SIZE_AT);
        boolean may = (magic == 0 || magic == 1) && size >= HEAD_BYTES - CRC_AT && size <= BYTES_MAX
                && size <= end - position - CRC_AT;
        if (!may) return -1;
        ByteBuffer covered = ByteBuffer.allocate(size - Integer.BYTES);
        file.read(covered, position + MAGIC_AT);
        CRC32 crc = new CRC32();
        crc.update(covered.flip());
        return (int) crc.getValue() == head.getInt(CRC_AT) ? magic : -1;
    }
}
