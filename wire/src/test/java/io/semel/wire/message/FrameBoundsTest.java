package io.semel.wire.message;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.types.Schema;
import org.junit.jupiter.api.Test;

/** What frames can cost us: memory in proportion to their bytes, no exception, no second of time. */
class FrameBoundsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000L;

    private long allocated;
    private long tookNanos;

    private RequestFrame measured(ByteBuffer frame) {
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long nanosBefore = System.nanoTime();
        RequestFrame decoded = RequestFrame.decode(frame, ApiTable.all());
        tookNanos = System.nanoTime() - nanosBefore;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        return decoded;
    }

    @Test
    void survivesDamage() {
        List<FrameTest.Spoken> all = FrameTest.spoken();
        int refused = 0;
        for (int seed = 0; seed < 40_000 * FrameTest.SCALE; seed++) {
            Random random = new Random(seed);
            FrameTest.Spoken spoken = all.get(random.nextInt(all.size()));
            ByteBuffer body = Drawing.random(spoken.type().requestSchemas()[spoken.version()], random);
            ByteBuffer frame = damage(random, MessageFrames.request(spoken, seed, "me", body));
            int size = frame.remaining();
            String where = spoken + " seed " + seed;
            try {
                if (!(measured(frame) instanceof RequestFrame.Request)) refused++;
            } catch (RuntimeException | Error thrown) {
                fail(where, thrown);
            }
            // the first frame of an API also loads its classes
            assertTrue(allocated < 100L * size + MIB, where + ", " + size + " bytes, allocated " + allocated);
            assertTrue(tookNanos < 2 * SECOND, where + " took " + tookNanos + " ns");
        }
        assertTrue(refused > 10_000, "refused " + refused);
    }

    private static ByteBuffer damage(Random random, ByteBuffer frame) {
        int size = frame.remaining();
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            int at = Math.min(4 + random.nextInt(size), size - 1);
            switch (random.nextInt(5)) {
                case 0 -> frame.put(at, (byte) random.nextInt());
                case 1 -> frame.put(at, (byte) -1);
                case 2 -> frame.put(at, (byte) (1 << random.nextInt(8)));
                case 3 -> frame.putInt(Math.min(at, size - 4), Integer.MAX_VALUE);
                default -> frame.put(at, (byte) 0x80);
            }
        }
        return random.nextInt(4) == 0 ? frame.limit(random.nextInt(size)) : frame;
    }

    @Test
    void neverAllocatesForALengthThatIsOnlyClaimed() {
        for (FrameTest.Spoken spoken : FrameTest.spoken()) {
            for (int fill : new int[] {0x7f, 0xff, 0x01}) {
                for (int size = 0; size < 40; size += 3) {
                    ByteBuffer body = ByteBuffer.allocate(size);
                    for (int at = 0; at < size; at++) body.put(at, (byte) (at % 4 == 0 ? fill & 0x7f : fill));
                    ByteBuffer frame = MessageFrames.request(spoken, 1, null, body);
                    measured(frame);
                    if (allocated > MIB) measured(frame.rewind());

                    assertTrue(allocated < MIB, spoken + " of " + size + " bytes of " + fill + " allocated "
                        + allocated);
                }
            }
        }
    }

    @Test
    void boundsTheDensestMessagesThereAre() {
        double worst = 0;
        long slowest = 0;
        for (FrameTest.Spoken spoken : FrameTest.spoken()) {
            Schema schema = spoken.type().requestSchemas()[spoken.version()];
            if (spoken.version() < ApiTable.all().range(spoken.type().apiKey()).newest()) continue;
            for (int array = 0; array < 4; array++) {
                ByteBuffer body = Drawing.dense(schema, array, 60_000);
                if (body == null) break;
                ByteBuffer frame = MessageFrames.request(spoken, 1, "me", body);

                measured(frame);

                String where = spoken + " array " + array + ", " + frame.limit() + " bytes: ";
                worst = Math.max(worst, (double) allocated / frame.limit());
                assertTrue(allocated < 40 * MIB, where + "allocated " + allocated);
                assertTrue(tookNanos < 2 * SECOND, where + "took " + tookNanos / 1_000_000 + " ms");
                slowest = Math.max(slowest, tookNanos);
            }
        }
        assertTrue(worst > 1 && worst < 60, worst + " bytes allocated for each of the frame");
        assertTrue(slowest > 1_000_000, "measured nothing: " + slowest);
    }

    @Test
    void refusesAMessageOfTooManyFields() {
        FrameTest.Spoken metadata =
            new FrameTest.Spoken(org.apache.kafka.common.message.ApiMessageType.METADATA, (short) 1);
        ByteBuffer body = Drawing.dense(metadata.type().requestSchemas()[1], 0, 2_000_000);

        RequestFrame decoded = measured(MessageFrames.request(metadata, 1, "me", body));

        assertInstanceOf(RequestFrame.Malformed.class, decoded);
        assertTrue(allocated < MIB, "allocated " + allocated);
    }

    @Test
    void dropsTagsItDoesNotKnow() {
        FrameTest.Spoken versions =
            new FrameTest.Spoken(org.apache.kafka.common.message.ApiMessageType.API_VERSIONS, (short) 3);
        ByteBuffer body = ByteBuffer.allocate(200_000).put((byte) 2).put((byte) 'a').put((byte) 2)
            .put((byte) 'b');
        org.apache.kafka.common.utils.ByteUtils.writeUnsignedVarint(80_000, body);
        for (int tag = 0; tag < 80_000; tag++) body.put((byte) 9).put((byte) 0);

        RequestFrame decoded = measured(MessageFrames.request(versions, 1, "me", body.flip()));

        assertInstanceOf(RequestFrame.Request.class, decoded);
        assertTrue(allocated < 100_000, "allocated " + allocated);
    }
}
