package io.semel.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Enlisted;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I2, and rows 20 and 31 of the checklist: the state is the fold of the journal, wherever it was cut off. */
class RefoldTest {
    /** A history that a room decided: every id moves as its rules allow. */
    private static List<TxnEvent> history(long seed) {
        Random random = new Random(seed);
        TxnShard shard = new TxnShard(0, TxnLimits.DEFAULTS);
        List<TxnEvent> history = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            String id = "id-" + random.nextInt(5);
            long nowMs = step * 1_000L;
            Txn txn = txn(history, id);
            TxnCommand command = txn == null || random.nextInt(8) == 0
                ? new TxnCommand.InitProducerId(id, 20_000, -1, (short) -1, step, false, false)
                : anything(random, txn, shard.duties());
            for (TxnEvent event : shard.decide(command, nowMs).events()) {
                shard.evolve(event, history.size());
                history.add(event);
            }
            for (TxnEvent event : shard.decide(new TxnCommand.Tick(), nowMs).events()) {
                shard.evolve(event, history.size());
                history.add(event);
            }
        }
        return history;
    }

    private static Txn txn(List<TxnEvent> history, String id) {
        for (int offset = history.size() - 1; offset >= 0; offset--) {
            if (history.get(offset) instanceof TxnChanged changed
                && changed.transactionalId().equals(id)) return changed.txn();
        }
        return null;
    }

    private static TxnCommand anything(Random random, Txn txn, List<MarkerDuty> duties) {
        boolean version2 = random.nextBoolean();
        if (!duties.isEmpty() && random.nextInt(3) > 0) {
            return new TxnCommand.MarkersWritten(duties.get(0).transactionalId(), duties.get(0).restsOn());
        }
        return switch (random.nextInt(2)) {
            case 0 -> new TxnCommand.Enlist(txn.transactionalId(), txn.producerId(), txn.producerEpoch(),
                List.of(new TopicPartition("t", random.nextInt(9))), version2);
            default -> new TxnCommand.End(txn.transactionalId(), txn.producerId(), txn.producerEpoch(),
                random.nextBoolean(), version2, -1);
        };
    }

    @Test
    void isTheSameFromTheRecordsAtEveryPoint() {
        TxnEventCodec codec = new TxnEventCodec();
        for (long seed = 0; seed < 10; seed++) {
            List<TxnEvent> history = history(seed);
            TxnShard live = new TxnShard(3, TxnLimits.DEFAULTS);
            for (int end = 0; end < history.size(); end++) {
                live.evolve(history.get(end), end);
                TxnShard reloaded = new TxnShard(3, TxnLimits.DEFAULTS);
                for (int offset = 0; offset <= end; offset++) {
                    TxnEvent event = history.get(offset);
                    reloaded.evolve(codec.decode(null, codec.key(event), codec.value(event)), offset);
                }

                assertEquals(live.digest(), reloaded.digest(), "seed " + seed + " at " + end);
                assertEquals(live.duties(), reloaded.duties(), "seed " + seed + " at " + end);
                assertEquals(live.nextDeadlineMs(), reloaded.nextDeadlineMs(), "seed " + seed + " at " + end);
            }
            assertTrue(history.size() > 60, "a history of " + history.size()
                + " events puts nothing to the test");
        }
    }

    @Test
    void isTheSameFromACompactedLog() {
        for (long seed = 0; seed < 50; seed++) {
            List<TxnEvent> history = history(seed);
            TxnShard whole = new TxnShard(0, TxnLimits.DEFAULTS);
            Map<String, Integer> latest = new LinkedHashMap<>();
            for (int offset = 0; offset < history.size(); offset++) {
                whole.evolve(history.get(offset), offset);
                latest.put(history.get(offset).transactionalId(), offset);
            }
            TxnShard compacted = new TxnShard(0, TxnLimits.DEFAULTS);
            for (int offset = 0; offset < history.size(); offset++) {
                if (latest.containsValue(offset)) compacted.evolve(history.get(offset), offset);
            }

            assertEquals(whole.digest(), compacted.digest(), "seed " + seed);
            assertEquals(whole.duties(), compacted.duties(), "seed " + seed);
        }
    }

    /**
     * A producer that asks until it is answered; the node dies after any step, and more or less of what was
     * not forced survives.
     */
    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "true, 32766"})
    void commitsOnceWhereverTheNodeDies(boolean version2, short firstEpoch) {
        for (int step = 0; step < 14; step++) {
            for (int survivors = 0; survivors < 3; survivors++) {
                String where = "crash after step " + step + ", " + survivors + " more survive";
                Coordinator room = new Coordinator();
                room.imported(new Txn(Coordinator.ID, 50, firstEpoch, (short) -1, 50, -1, 60_000,
                    TxnPhase.EMPTY, List.of(), -1, 1,
                    (short) 0));
                room.forcing = false;
                CommittingProducer producer = new CommittingProducer(room, version2, firstEpoch);
                for (int turn = 0; turn < 60; turn++) {
                    if (turn == step) room.crash(room.journal.durableOffset() + survivors);
                    producer.act();
                    if (turn % 2 == 1) room.force();
                    if (turn % 3 == 2 && !room.carried.isEmpty()) room.writeMarkers();
                }

                assertEquals(3, producer.committed, where);
                assertEquals(3, decisions(room), where);
                assertEquals(TxnPhase.COMPLETE_COMMIT, room.txn(Coordinator.ID).phase(), where);
            }
        }
    }

    private static int decisions(Coordinator room) {
        int decisions = 0;
        for (long offset = 0; offset < room.journal.endOffset(); offset++) {
            if (room.journal.read(offset) instanceof TxnChanged changed
                && changed.txn().phase().prepared()) decisions++;
        }
        return decisions;
    }

    private static final class CommittingProducer {
        private final Coordinator room;
        private final boolean version2;
        private long producerId = 50;
        private short epoch;
        private Asked asked;
        private boolean enlisted;
        private int committed;

        CommittingProducer(Coordinator room, boolean version2, short epoch) {
            this.room = room;
            this.version2 = version2;
            this.epoch = epoch;
        }

        void act() {
            if (asked != null && asked.waiting()) return;
            if (asked != null) hear(asked.reply());
            asked = committed == 3 ? null : room.ask(enlisted
                ? Coordinator.end(producerId, epoch, true, version2)
                : Coordinator.enlist(producerId, epoch, version2, Coordinator.IN_0));
        }

        private void hear(TxnReply reply) {
            if (reply instanceof Enlisted) enlisted = true;
            else if (reply instanceof Ended ended) {
                producerId = ended.producerId();
                epoch = ended.epoch();
                enlisted = false;
                committed++;
            } else if (!reply.equals(TxnRules.UNAVAILABLE)) {
                throw new AssertionError(String.valueOf(reply));
            }
        }
    }

    @Test
    void decidesAmongAHundredThousandIdsAsAmongAThousand() {
        nanosOfADecisionAmong(1_000);
        long few = nanosOfADecisionAmong(1_000);
        long many = nanosOfADecisionAmong(100_000);

        assertTrue(many < 30 * few, "a decision takes " + many + " ns among 100,000 ids, " + few
                + " ns among 1,000");
    }

    /** Mean of 100,000 decisions, whatever else the machine does. */
    private static long nanosOfADecisionAmong(int ids) {
        int turns = 100_000;
        TxnShard shard = new TxnShard(0, TxnLimits.DEFAULTS);
        for (int id = 0; id < ids; id++) {
            shard.evolve(new TxnChanged(new Txn("application-" + id, id, (short) 0, (short) -1, id, -1,
                60_000, TxnPhase.EMPTY, List.of(),
                -1, id, (short) 0)), id);
        }
        long before = System.nanoTime();
        for (int turn = 0; turn < turns; turn++) {
            shard.evolve(shard.decide(Coordinator.init("application-" + turn * 7919L % ids), turn).events()
                .get(0), ids + turn);
        }
        long nanos = (System.nanoTime() - before) / turns;
        assertEquals(ids, shard.size());
        return nanos;
    }
}
