package io.semel.broker.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.semel.broker.net.FrameCutter.Cut;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCutterTest {
    private static final int SCALE = Integer.getInteger("semel.scale", 1);

    @Test
    void cutsTheSameFramesHoweverTheBytesAreSplit() {
        for (int seed = 0; seed < 300 * SCALE; seed++) {
            Random random = new Random(seed);
            FrameBudget budget = new FrameBudget(1 << 30);
            FrameCutter cutter = new FrameCutter(budget, 1 << 20);
            ByteBuf all = Unpooled.buffer();
            int[] sizes = new int[1 + random.nextInt(10)];
            for (int frame = 0; frame < sizes.length; frame++) {
                sizes[frame] = 4 + random.nextInt(random.nextBoolean() ? 20 : 100_000);
                byte[] bytes = new byte[sizes[frame]];
                java.util.Arrays.fill(bytes, (byte) frame);
                all.writeInt(sizes[frame]).writeBytes(bytes);
            }
            int cut = 0;
            long charged = 0;
            while (all.isReadable()) {
                ByteBuf part = all.readSlice(Math.min(all.readableBytes(), 1 + random.nextInt(30_000)));
                while (part.isReadable()) {
                    if (cutter.take(part) != Cut.FRAME) continue;
                    charged += cutter.charged();
                    ByteBuffer frame = cutter.frame();
                    byte[] wanted = new byte[sizes[cut]];
                    java.util.Arrays.fill(wanted, (byte) cut);
                    assertEquals(ByteBuffer.wrap(wanted), frame, "seed " + seed);
                    cut++;
                }
                assertEquals(charged + cutter.charged(), budget.used(), "seed " + seed);
            }
            assertEquals(sizes.length, cut, "seed " + seed);
            assertEquals(0, cutter.charged());
        }
    }

    @Test
    void takesMemoryOnlyForBytesThatCame() {
        FrameBudget budget = new FrameBudget(1 << 30);
        FrameCutter cutter = new FrameCutter(budget, Integer.MAX_VALUE);

        Cut cut = cutter.take(Unpooled.buffer().writeInt(Integer.MAX_VALUE).writeBytes(new byte[100]));

        assertEquals(Cut.NEED_BYTES, cut);
        assertTrue(budget.used() <= 4096 + FrameBudget.OVERHEAD, "took " + budget.used());
        cutter.drop();
        assertEquals(0, budget.used());
    }

    @Test
    void leavesTheBytesWhenTheBudgetIsSpent() {
        FrameBudget budget = new FrameBudget(1 << 20);
        FrameCutter cutter = new FrameCutter(budget, 1 << 19);
        assertTrue(budget.take(700_000, 1 << 19));
        ByteBuf large = Unpooled.buffer().writeInt(200_000).writeBytes(new byte[200_000]);

        assertEquals(Cut.NEED_MEMORY, cutter.take(large));

        assertEquals(200_000, large.readableBytes());
        budget.give(700_000);
        assertEquals(Cut.FRAME, cutter.take(large));
    }

    @Test
    void keepsAShareForSmallFrames() {
        FrameBudget budget = new FrameBudget(1 << 20);

        assertTrue(budget.take(FrameBudget.largeShare(1 << 20), 1 << 20));

        assertTrue(!budget.take(1, 1 << 20) && budget.take(1000, 1000));
    }
}
