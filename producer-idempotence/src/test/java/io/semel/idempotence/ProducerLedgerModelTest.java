package io.semel.idempotence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.idempotence.LedgerModel.Event;
import io.semel.wire.batch.BatchHeader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random clients, coordinators and crashes against {@link LedgerModel}, which remembers everything and
 * reasons from scratch.
 */
class ProducerLedgerModelTest {
    private static final int SEEDS = 200 * Integer.getInteger("semel.scale", 1);
    private static final int STEPS = 250;
    private static final int PRODUCERS = 4;

    private final Map<Verdict.Kind, Integer> kinds = new EnumMap<>(Verdict.Kind.class);

    private final class Run {
        private final Random random;
        private final LedgerModel model = new LedgerModel();
        private final List<BatchHeader> log = new ArrayList<>();
        /** Guards that may have come to nothing since. */
        private final List<Long> guardsSeen = new ArrayList<>(List.of(0L));
        private ProducerLedger ledger = new ProducerLedger();
        private boolean expired;
        private long end;
        private long clock = 1_000;

        Run(long seed) {
            random = new Random(seed);
        }

        void step() {
            clock += random.nextInt(20);
            int choice = random.nextInt(20);
            if (choice < 12) produce();
            else if (choice < 15) mark();
            else if (choice < 17) commitOffsets();
            else if (choice < 18) reload();
            else if (choice < 19) foldAnything();
            else if (random.nextInt(4) == 0) expire();
            assertEquals(model.describe(), ledger.describe());
            assertEquals(model.open(), ledger.open());
        }

        private void produce() {
            long id = random.nextInt(PRODUCERS);
            int epoch = epochNear(id, 0, 0, 0, 0, 0, 1, -1);
            List<Event> remembered = model.remembered(id);
            boolean transactional = random.nextInt(3) > 0;
            Event batch = event(id, epoch, sequence(id, epoch), 1 + random.nextInt(3), transactional);
            if (!remembered.isEmpty() && random.nextInt(4) == 0) {
                Event again = remembered.get(random.nextInt(remembered.size()));
                if (again.first() >= 0) {
                    batch = event(id, again.epoch(), again.first(), again.records(), transactional);
                }
            }
            long guard = guard(id);
            boolean version2 = random.nextBoolean();
            String expected = model.judge(batch, guard, version2);

            Verdict verdict = ledger.judge(header(batch), guard, version2);

            assertEquals(expected, verdict.toString());
            kinds.merge(verdict.kind(), 1, Integer::sum);
            if (verdict.kind() == Verdict.Kind.NEEDS_ENLISTMENT) guardsSeen.add(verdict.guard());
            if (verdict.accepted()) append(batch);
        }

        private void mark() {
            long id = random.nextInt(PRODUCERS);
            boolean version2 = random.nextBoolean();
            int epoch = random.nextInt(60) == 0 ? Short.MAX_VALUE : epochNear(id, 0, 0, 1, 1, -1);
            Event marker = new Event(id, epoch, -1, 1, true, end, clock, 5 + random.nextInt(3));
            String expected = model.judgeMarker(id, epoch, marker.coordinatorEpoch(), version2);

            Verdict verdict = ledger.judgeMarker(id, (short) epoch, marker.coordinatorEpoch(), version2);

            assertEquals(expected, verdict.toString());
            if (verdict.accepted()) append(marker);
        }

        private void commitOffsets() {
            long id = random.nextInt(PRODUCERS);
            int epoch = epochNear(id, 0, 0, 0, 1, -1);
            long guard = guard(id);
            String expected = model.judgeOffsets(id, epoch, guard, false);

            Verdict verdict = ledger.judgeOffsets(id, (short) epoch, guard);

            assertEquals(expected, verdict.toString());
            if (verdict.accepted()) append(event(id, epoch, -1, 1 + random.nextInt(3), true));
        }

        /** A crash: fold everything, or a snapshot taken at some batch and what comes after it. */
        private void reload() {
            ProducerLedger again = new ProducerLedger();
            if (expired) {
                assertTrue(again.load(ledger.snapshot()));
            } else {
                int from = random.nextInt(log.size() + 1);
                ProducerLedger atSnapshot = new ProducerLedger();
                log.subList(0, from).forEach(atSnapshot::fold);
                assertTrue(again.load(atSnapshot.snapshot()));
                log.subList(from, log.size()).forEach(again::fold);
            }
            assertEquals(ledger.digest(), again.digest());
            assertEquals(ledger.snapshot(), again.snapshot());
            ledger = again;
            BatchHeader plain = header(event(-1, -1, -1, 1, false));
            ledger.fold(plain);
            log.add(plain);
            end = plain.nextOffset();
            model.reloaded(end);
        }

        /** What no ledger of ours would have accepted, but stands in the log: of another broker's making. */
        private void foldAnything() {
            long id = random.nextInt(PRODUCERS);
            append(event(id, random.nextInt(4), random.nextInt(100), 1 + random.nextInt(3),
                    random.nextBoolean()));
        }

        private void expire() {
            int idle = 1 + random.nextInt(200);
            model.expire(clock, idle);
            ledger.expire(clock, idle);
            expired = true;
        }

        private void append(Event event) {
            model.fold(event);
            BatchHeader batch = header(event);
            ledger.fold(batch);
            log.add(batch);
            end = batch.nextOffset();
        }

        private long sequence(long id, int epoch) {
            long expected = model.sequenceExpected(id, epoch);
            if (model.epoch(id) < 0 && random.nextBoolean()) return Integer.MAX_VALUE - random.nextInt(5);
            return Math.floorMod(expected + pick(0, 0, 0, 0, 0, 0, 1, 2, -1), 1L << 31);
        }

        private long guard(long id) {
            return switch (random.nextInt(4)) {
                case 0, 1 -> model.guard(id);
                case 2 -> 0;
                default -> guardsSeen.get(random.nextInt(guardsSeen.size()));
            };
        }

        private Event event(long id, int epoch, long first, int records, boolean transactional) {
            return new Event(id, epoch, first, records, transactional, end, clock, -1);
        }

        private int epochNear(long id, int... steps) {
            return Math.min(Short.MAX_VALUE, Math.max(0, model.epoch(id) + pick(steps)));
        }

        private int pick(int... choices) {
            return choices[random.nextInt(choices.length)];
        }
    }

    @Test
    void judgesAsTheModelDoes() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Run run = new Run(seed);
            for (int step = 0; step < STEPS; step++) {
                try {
                    run.step();
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", step " + step, e);
                }
            }
        }
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            assertTrue(kinds.getOrDefault(kind, 0) > SEEDS, kind + " of " + kinds);
        }
    }

    private static BatchHeader header(Event event) {
        Batches batch = Batches.batch().pid(event.producerId()).epoch(event.epoch())
                .sequence((int) event.first()).records(event.records()).timestamp(event.timestamp());
        if (event.isMarker()) return batch.marker(true, event.coordinatorEpoch(), event.offset());
        return (event.transactional() ? batch.transactional() : batch).at(event.offset());
    }
}
