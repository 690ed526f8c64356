package io.semel.broker.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Durability;
import io.semel.kernel.lane.Lane;
import io.semel.sim.SimIo;
import io.semel.sim.SimWorld;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/**
 * Where unforced writes hold all the files that a lane may have open, requests for partitions that would open
 * another one wait, in the order of their arrival, until forces are done.
 */
class LaneRoomsTest {
    private static final int PARTITIONS = 40;
    private static final int OPEN_MAX = 2;
    /** What {@link io.semel.log.OpenSegments#crowded} allows above that: an eighth, and eight. */
    private static final int ROOM = OPEN_MAX + OPEN_MAX / 8 + 8;
    private static final int SLOW_MS = 1_000;

    private final SimWorld world = new SimWorld(1, 1);
    private final Lane lane = world.lanes().lane(0);
    private final LaneRooms rooms = new LaneRooms(world, lane, new PlainRooms(Durability.FORCE, OPEN_MAX));
    private final List<String> arrived = new ArrayList<>();
    private final List<ErrorCode> refused = new ArrayList<>();
    private final List<ErrorCode> unacknowledged = new ArrayList<>();
    private int acknowledged;
    private int openMost;

    /** All are written to once, forced, and at rest but for the last ones. */
    private void prepare() {
        for (int number = 0; number < PARTITIONS; number++) {
            write(number, "first");
            world.run().until(() -> acknowledged == arrived.size() && arrived.size() > 0, 100_000);
            world.run().passMs(10);
        }
        assertEquals(PARTITIONS, acknowledged);
        assertTrue(openNow() <= ROOM, openNow() + " are open");
        arrived.clear();
        acknowledged = 0;
        openMost = 0;
        ((SimIo) world.io()).slow(100, SLOW_MS);
    }

    private void write(int number, String what) {
        lane.post(() -> rooms.ask(name(number), partition -> {
            arrived.add(number + " " + what);
            partition.produce(new BatchBuilder().add(1, null, new byte[10]).build(), true, 0, asker());
            openMost = Math.max(openMost, openNow());
        }, refused::add));
    }

    private ProduceAsker asker() {
        return new ProduceAsker() {
            @Override
            public void accepted(long baseOffset, long logStartOffset, long appendTimeMs) {
                acknowledged++;
            }

            @Override
            public void refused(ErrorCode error) {
                unacknowledged.add(error);
            }

            @Override
            public void needsEnlistment(long guard) {
                throw new AssertionError("not a transaction");
            }
        };
    }

    private static TopicPartition name(int number) {
        return new TopicPartition("t", number);
    }

    private int openNow() {
        return (int) rooms.open().stream().filter(partition -> !partition.log().resting()).count();
    }

    @Test
    void whoWouldOpenOneFileTooManyWaitsForForcesInTheOrderOfArrival() {
        prepare();
        List<String> sent = new ArrayList<>();
        for (int number = 0; number < PARTITIONS; number++) {
            write(number, "second");
            sent.add(number + " second");
        }
        List<String> atOnce = new ArrayList<>();
        lane.post(() -> atOnce.addAll(arrived));

        assertTrue(world.run().until(() -> acknowledged == PARTITIONS, 1_000_000), acknowledged + " of "
                + PARTITIONS);

        assertTrue(!atOnce.isEmpty() && atOnce.size() < PARTITIONS, atOnce.size() + " did not have to wait");
        assertTrue(openMost <= ROOM + 1, openMost + " files were open");
        List<String> waited = new ArrayList<>(sent);
        waited.removeAll(atOnce);
        assertEquals(waited, arrived.subList(atOnce.size(), arrived.size()), "not in their order");
        assertEquals(List.of(), refused);
        assertEquals(List.of(), unacknowledged);
    }

    @Test
    void whoComesLaterToOnePartitionDoesNotOvertake() {
        prepare();
        for (int number = 0; number < PARTITIONS; number++) write(number, "second");
        write(PARTITIONS - 1, "third");
        write(PARTITIONS - 1, "fourth");

        assertTrue(world.run().until(() -> acknowledged == PARTITIONS + 2, 1_000_000));

        assertEquals(List.of(PARTITIONS - 1 + " second", PARTITIONS - 1 + " third", PARTITIONS - 1
                + " fourth"), arrived.stream().filter(one -> one.startsWith(PARTITIONS - 1 + " ")).toList());
    }

    /** Nobody is forgotten: who waits when the broker stops is told so, and the stop comes to its end. */
    @Test
    void whoWaitsWhenTheBrokerStopsIsRefused() {
        prepare();
        for (int number = 0; number < PARTITIONS; number++) write(number, "second");
        List<SortedMap<TopicPartition, Long>> closed = new ArrayList<>();
        int[] writtenThen = new int[1];
        int[] refusedThen = new int[1];
        lane.post(() -> {
            writtenThen[0] = arrived.size();
            rooms.closeAll(closed::add);
            refusedThen[0] = refused.size();
        });

        assertTrue(world.run().until(() -> !closed.isEmpty(), 1_000_000), "the stop does not end");

        assertTrue(writtenThen[0] < PARTITIONS, "nobody had to wait");
        assertEquals(writtenThen[0], arrived.size(), "written to after the stop");
        assertEquals(PARTITIONS - writtenThen[0], refusedThen[0], "told at once, whatever the disk does");
        assertEquals(PARTITIONS - writtenThen[0], refused.size());
        refused.forEach(error -> assertEquals(ErrorCode.NOT_LEADER_OR_FOLLOWER, error));
        assertEquals(writtenThen[0], acknowledged + unacknowledged.size(), "somebody got no answer");
        assertNotNull(closed.get(0), "not closed cleanly");
        assertEquals(PARTITIONS, closed.get(0).size());
    }
}
