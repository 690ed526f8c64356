package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.group.GroupCommand.ConsumerBeat;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.Reconciled;
import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicFacts;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MigrationTest {
    private final Room room = new Room();

    private Reconciled beat(Room where, String memberId, int epoch) {
        boolean joins = epoch == 0;
        return where.ask(new ConsumerBeat(Room.GROUP, memberId, epoch, null, null,
                joins ? Room.REBALANCE_MS : -1, joins ? new TreeSet<>(List.of("topic")) : null, null, null,
                joins ? Assignment.NONE : null, "client", "/host", where.topics)).as(Reconciled.class);
    }

    /** Found by the simulation (seed 435): its members were never answered again. */
    @Test
    void aGroupThatChangedBackJustBeforeACrashHasALeader() {
        beat(room, "modern", 0);
        List<Protocol> range = Room.protocols("topic").subList(0, 1);
        room.ask(room.joinOf("", "classic", null, range));
        beat(room, "modern", Standing.LEAVES);

        Room next = room.crash();
        Joined joined = next.ask(next.joinOf("classic", "", null, range)).as(Joined.class);

        assertEquals("classic", joined.leaderId());
        assertEquals(List.of("classic"), joined.members().stream().map(GroupReply.JoinedMember::memberId)
                .toList());
    }

    /** Found by the simulation (dense, seed 2104472): a member stood still with what was left for it. */
    @Test
    void theRoundOfAGroupThatChangedBackIsOwedAfterACrash() {
        beat(room, "modern", 0);
        List<Protocol> range = Room.protocols("topic").subList(0, 1);
        int generation = room.ask(room.joinOf("", "classic", null, range)).as(Joined.class).generation();
        beat(room, "modern", Standing.LEAVES);

        Room next = room.crash();
        next.pass(1);

        assertEquals("PreparingRebalance", next.state());
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS,
                next.beat("classic", generation).as(Beat.class).error());
    }

    /** Found by the walk of both protocols (seed 500): two members read one partition. */
    @Test
    void whoWasAskedToGiveUpHoldsItUntilItSaysSoThoughTheGroupChangedTwice() {
        List<Protocol> range = Room.protocols("topic").subList(0, 1);
        int generation = room.ask(room.joinOf("", "classic", null, range)).as(Joined.class).generation();
        Assignment all = all();
        room.ask(new Sync(Room.GROUP, generation, "classic", null, "consumer", "range",
                Map.of("classic", EmbeddedProtocol.assignment(all, room.topics, (short) 1)), room.topics));
        assertEquals(Assignment.NONE, beat(room, "modern", 0).assigned());
        beat(room, "modern", Standing.LEAVES);

        Reconciled next = beat(room, "another", 0);

        assertEquals(Assignment.NONE, next.assigned());
        assertEquals(all, room.shard.table().consumerGroup(Room.GROUP).standing("classic").held());
    }

    private Assignment all() {
        TopicFacts topic = room.topics.named("topic");
        Assignment.Draft all = new Assignment.Draft();
        for (int partition = 0; partition < topic.partitions(); partition++) all.add(topic.id(), partition);
        return all.done();
    }

    @Test
    void epochsGoOnFromGenerationsAndGenerationsFromEpochsThoughNobodyWasThereBetween() {
        int generation = room.stable("classic");
        room.leave("classic");
        int epoch = beat(room, "modern", 0).epoch();
        beat(room, "modern", Standing.LEAVES);
        int later = room.joinNew("another").as(Joined.class).generation();

        assertEquals(List.of(1, 3, 5), List.of(generation, epoch, later));
    }
}
