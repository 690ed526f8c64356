package io.semel.committed;

import static io.semel.committed.Batches.batch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.wire.batch.BatchHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random logs of interleaved transactions, read in random pieces, against definitions that look at the whole
 * log each time.
 */
class ReaderModelTest {
    private static final int SEEDS = 300 * Integer.getInteger("semel.scale", 1);
    private static final int STEPS = 120;

    /** A transaction as the model knows it; {@code marker} is -1 while it is open. */
    private static final class Txn {
        final long producerId;
        final long first;
        final List<Long> records = new ArrayList<>();
        long marker = -1;
        boolean aborted;

        Txn(long producerId, long first) {
            this.producerId = producerId;
            this.first = first;
        }
    }

    private final List<BatchHeader> log = new ArrayList<>();
    private final List<Txn> txns = new ArrayList<>();
    private final TreeMap<Long, Txn> open = new TreeMap<>();
    private final List<Long> plain = new ArrayList<>();
    private long end;
    private long highWatermark;

    @Test
    void readersSeeWhatIsCommittedAndNothingElse() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new ReaderModelTest().run(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private void run(Random random) {
        StableOffsets stable = new StableOffsets();
        List<AbortedRange> sideFile = new ArrayList<>();
        AbortedIndex index = new AbortedIndex(sideFile::add);
        List<Long> view = List.of();
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(4) == 0) {
                raiseHighWatermark(random);
            } else {
                BatchHeader next = write(random);
                stable.fold(next);
                index.fold(next);
            }
            if (random.nextInt(25) == 0) {
                highWatermark = end;
                stable = new StableOffsets();
                index = new AbortedIndex(sideFile::add);
                reload(random, stable, index, sideFile);
            }

            long bound = stable.stableOffset(highWatermark);
            assertEquals(stableByDefinition(), bound);
            List<Long> seen = read(random, index, bound);
            assertEquals(committedBelow(bound), seen);
            assertTrue(seen.size() >= view.size() && seen.subList(0, view.size()).equals(view), "I9");
            view = seen;
        }
        assertEquals(sideFile.stream().map(AbortedRange::lastOffset).toList(),
                txns.stream().filter(txn -> txn.aborted).map(txn -> txn.marker).sorted().toList());
    }

    /**
     * What a crash leaves: a snapshot at some batch, the side files with some entries, and the log to fold on
     * from there.
     */
    private void reload(Random random, StableOffsets stable, AbortedIndex index,
            List<AbortedRange> sideFile) {
        int from = random.nextInt(log.size() + 1);
        long fromOffset = from == log.size() ? end : log.get(from).baseOffset();
        List<Undecided> openThen = new ArrayList<>();
        for (Txn txn : txns) {
            if (txn.first < fromOffset && (txn.marker < 0 || txn.marker >= fromOffset)) {
                openThen.add(0, new Undecided(txn.producerId, (short) 0, txn.first));
            }
        }
        sideFile.removeIf(range -> range.lastOffset() >= fromOffset && random.nextBoolean());
        index.load(sideFile);
        stable.restore(openThen);
        index.restore(openThen);
        List<AbortedRange> before = List.copyOf(sideFile);
        for (BatchHeader batch : log.subList(from, log.size())) {
            stable.fold(batch);
            index.fold(batch);
        }
        TreeMap<Long, AbortedRange> byMarker = new TreeMap<>();
        for (AbortedRange range : sideFile) {
            assertEquals(null, byMarker.put(range.lastOffset(), range), "handed on twice: " + before);
        }
        sideFile.clear();
        sideFile.addAll(byMarker.values());
    }

    private void raiseHighWatermark(Random random) {
        for (BatchHeader batch : log) {
            if (batch.nextOffset() > highWatermark && random.nextInt(4) > 0) {
                highWatermark = batch.nextOffset();
            } else if (batch.nextOffset() > highWatermark) {
                return;
            }
        }
    }

    private BatchHeader write(Random random) {
        long producerId = random.nextInt(5);
        int records = 1 + random.nextInt(4);
        Txn txn = open.get(producerId);
        BatchHeader batch;
        int choice = random.nextInt(10);
        if (choice < 2) {
            boolean withId = txn == null && random.nextBoolean();
            batch = batch().pid(withId ? producerId : -1).records(records).at(end);
            for (int n = 0; n < records; n++) plain.add(end + n);
        } else if (choice < 7) {
            batch = batch().pid(producerId).transactional().records(records).at(end);
            if (txn == null) {
                txn = new Txn(producerId, end);
                txns.add(txn);
                open.put(producerId, txn);
            }
            for (int n = 0; n < records; n++) txn.records.add(end + n);
        } else {
            boolean commit = random.nextBoolean();
            batch = batch().pid(producerId).marker(commit, 0, end);
            if (txn != null) {
                txn.marker = end;
                txn.aborted = !commit;
                open.remove(producerId);
            }
        }
        log.add(batch);
        end = batch.nextOffset();
        return batch;
    }

    private long stableByDefinition() {
        LongStream unstable = txns.stream().filter(txn -> txn.marker < 0 || txn.marker >= highWatermark)
                .mapToLong(txn -> txn.first);
        return Math.min(highWatermark, unstable.min().orElse(highWatermark));
    }

    private List<Long> committedBelow(long bound) {
        TreeSet<Long> committed = new TreeSet<>(plain);
        for (Txn txn : txns) if (txn.marker >= 0 && !txn.aborted) committed.addAll(txn.records);
        return List.copyOf(committed.headSet(bound));
    }

    /**
     * Reads from 0 to the bound in answers of a few batches, as a consumer would; an answer may begin inside
     * a batch.
     */
    private List<Long> read(Random random, AbortedIndex index, long bound) {
        List<Long> seen = new ArrayList<>();
        long position = 0;
        int at = 0;
        while (at < log.size() && log.get(at).nextOffset() <= bound) {
            int until = at + 1;
            int batches = 1 + random.nextInt(6);
            while (until < log.size() && until < at + batches && log.get(until).nextOffset() <= bound) {
                until++;
            }
            CommittedFilter filter = new CommittedFilter(
                    index.overlapping(position, log.get(until - 1).nextOffset()));
            for (BatchHeader batch : log.subList(at, until)) {
                boolean delivers = filter.delivers(batch);
                if (!delivers) continue;
                for (long offset = Math.max(position,
                        batch.baseOffset()); offset <= batch.lastOffset(); offset++) {
                    seen.add(offset);
                }
            }
            position = log.get(until - 1).nextOffset();
            at = until;
        }
        return seen;
    }
}
