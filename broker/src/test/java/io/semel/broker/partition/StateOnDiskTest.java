package io.semel.broker.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Durability;
import io.semel.kernel.lane.Lane;
import io.semel.log.Damage;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation (seed 18821): a coordinator's state told of a batch that a power cut took from the
 * journal, and was believed when another batch stood in its place. A state is written when the disk has the
 * journal below it, whatever counts as durable.
 */
class StateOnDiskTest {
    private static final TopicPartition NAME = new TopicPartition("t", 0);
    private SimWorld world = new SimWorld(1, 1);
    private Lane lane = world.lanes().lane(0);
    private LaneRooms rooms = new LaneRooms(world, lane, new Kept());
    private final List<Throwable> told = new ArrayList<>();
    private Partition partition;
    private long upTo;

    private void append(Partition to) {
        to.appendOwn(new BatchBuilder().add(1, null, new byte[10]).build());
    }

    private void keepsAState() {
        told.clear();
        lane.post(() -> rooms.ask(NAME, opened -> {
            partition = opened;
            for (int count = 0; count < 5; count++) append(opened);
            upTo = opened.endOffset();
            opened.states().keep(upTo, told::add);
        }, refused -> { }));

        assertTrue(world.run().until(() -> !told.isEmpty(), 100_000), "nobody was told");
    }

    @Test
    void noStateLiesAboveWhatTheDiskHasOfTheJournal() {
        keepsAState();

        List<Throwable> fine = new ArrayList<>();
        fine.add(null);
        assertEquals(fine, told);
        assertEquals(List.of(upTo), partition.log().sideFiles().list(StateKeeper.STATE));
        assertTrue(partition.log().recoveryPoint() >= upTo, "the disk has " + partition.log().recoveryPoint()
                + " of " + upTo);
    }

    /** Whoever folds compares with the CRC, or rot becomes a state with a CRC of its own. */
    @Test
    void noStateIsMadeOfADamagedJournal() {
        keepsAState();
        world.simDisk().delete(partition.log().sideFiles().pathOf(upTo, StateKeeper.STATE));
        world.crash(Survival.KILL);
        world = world.reboot();
        lane = world.lanes().lane(0);
        rooms = new LaneRooms(world, lane, new Kept());
        boolean[] open = new boolean[1];
        lane.post(() -> rooms.ask(NAME, opened -> open[0] = true, refused -> { }));
        assertTrue(world.run().until(() -> open[0], 100_000), "not opened");
        world.simDisk().rot("t-0/00000000000000000000.log", 72, 3);

        keepsAState();

        assertInstanceOf(Damage.class, told.get(0));
        assertEquals(List.of(), partition.log().sideFiles().list(StateKeeper.STATE));
    }

    /** Remembers nothing, and is kept nonetheless. */
    private static final class Blank implements Room {
        @Override
        public void replay(BatchHeader batch) {
        }

        @Override
        public byte[] state() {
            return new byte[] {1};
        }

        @Override
        public boolean restore(byte[] state) {
            return true;
        }

        @Override
        public void bind(Partition partition) {
        }

        @Override
        public void marked(BatchHeader marker, boolean commit, long nowMs) {
        }

        @Override
        public void durable(long nowMs) {
        }

        @Override
        public void tick(long nowMs) {
        }

        @Override
        public long nextDeadlineMs() {
            return Long.MAX_VALUE;
        }

        @Override
        public void close() {
        }
    }

    private static final class Kept extends PlainRooms {
        Kept() {
            super(Durability.OS, 10);
        }

        @Override
        public Room roomFor(TopicPartition name) {
            return new Blank();
        }
    }
}
