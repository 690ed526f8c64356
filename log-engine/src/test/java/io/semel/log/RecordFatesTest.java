package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.log.RecordFates.Fate;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import java.util.EnumSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RecordFatesTest {
    /** Random marks over random batches, beside two sets of offsets. */
    @Test
    void tellsOfEachBatchWhatItsMarksSay() {
        EnumSet<Fate> seen = EnumSet.noneOf(Fate.class);
        for (int seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            long from = 100 + random.nextInt(1_000);
            int range = 1 + random.nextInt(500);
            int bytesMax = random.nextInt(4) == 0 ? 16 : 1 << 16;
            RecordFates fates = new RecordFates(from, from + range, bytesMax);
            assertTrue(fates.sizeInBytes() <= Math.max(16, bytesMax));
            long below = Math.min(from + range, from + bytesMax / 2 * 8L);
            TreeSet<Long> gone = new TreeSet<>();
            TreeSet<Long> odd = new TreeSet<>();
            int percent = random.nextInt(101);
            for (long offset = from - 70; offset < from + range + 70; offset++) {
                if (random.nextInt(100) < percent) {
                    fates.goes(offset);
                    gone.add(offset);
                }
                if (random.nextInt(200) < 1) {
                    fates.isOdd(offset);
                    odd.add(offset);
                }
            }
            long mappedBelow = random.nextInt(3) == 0 ? from + random.nextInt(range) : from + range;
            for (long base = from - 3; base < from + range; ) {
                int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 8);
                BatchHeader batch = batch(base, count);
                Fate fate = fates.of(batch, mappedBelow);
                String told = "seed " + seed + ", " + count + " records at " + base;
                assertEquals(expected(batch, from, Math.min(below, mappedBelow), gone, odd), fate, told);
                seen.add(fate);
                if (fate == Fate.SOME) {
                    for (long at = base; at < base + count; at++) {
                        assertEquals(gone.contains(at), fates.isGone(at), told);
                    }
                }
                base += count;
            }
            fates.forget();
            assertEquals(Fate.UNKNOWN, fates.of(batch(from, 1), mappedBelow));
        }
        assertEquals(EnumSet.allOf(Fate.class), seen);
    }

    private static Fate expected(BatchHeader batch, long from, long below, TreeSet<Long> gone,
            TreeSet<Long> odd) {
        if (batch.baseOffset() < from || batch.lastOffset() >= below) return Fate.UNKNOWN;
        int count = 0;
        for (long at = batch.baseOffset(); at <= batch.lastOffset(); at++) {
            if (gone.contains(at)) count++;
            else if (odd.contains(at)) return Fate.UNKNOWN;
        }
        return count == 0 ? Fate.WHOLE : count == batch.recordCount() ? Fate.GONE : Fate.SOME;
    }

    private static BatchHeader batch(long base, int count) {
        BatchBuilder builder = new BatchBuilder();
        for (int record = 0; record < count; record++) builder.add(1, new byte[1], new byte[1]);
        BatchHeader header = new BatchHeader().wrap(builder.build(), 0);
        header.stamp(base, 0);
        return header;
    }
}
