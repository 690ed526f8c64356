package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupCommand.Heartbeat;
import io.semel.group.GroupCommand.Leave;
import io.semel.group.GroupCommand.LeavingMember;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Committed;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.Left;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.GroupReply.Synced;
import io.semel.group.Room.Ask;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** KIP-345. */
class StaticMemberTest {
    private final Room room = new Room();

    @Test
    void comesBackUnderAnotherIdWithoutARebalance() {
        int generation = stableStatic();

        Joined back = room.joinStatic("a2", "one").as(Joined.class);

        assertEquals(generation, back.generation());
        assertEquals("a2", back.memberId());
        assertTrue(back.skipAssignment());
        assertEquals("a2", back.leaderId());
        assertEquals(2, back.members().size());
        assertEquals("Stable", room.state());
        Ask sync = room.ask(new Sync(Room.GROUP, generation, "a2", "one", null, null, Map.of(),
                room.topics));
        assertArrayEquals(Room.bytes("a1"), sync.as(Synced.class).assignment());
    }

    @Test
    void fencesWhoStillUsesTheOldId() {
        int generation = stableStatic();

        room.joinStatic("a2", "one");

        assertEquals(ErrorCode.FENCED_INSTANCE_ID, beat("a1", "one", generation));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, beat("a1", null, generation));
        assertEquals(ErrorCode.NONE, beat("a2", "one", generation));
        Ask commit = room.commit("a1", generation, "one", 5);
        assertEquals(ErrorCode.FENCED_INSTANCE_ID, commit.as(Committed.class).partitions().get(0).error());
        assertEquals(ErrorCode.FENCED_INSTANCE_ID,
                room.ask(room.joinOf("a1", "", "one", Room.protocols("topic"))).as(Rejected.class).error());
    }

    @Test
    void isToldTheLeaderItKnowsWhenItCannotSkipTheAssignment() {
        stableStatic();
        GroupCommand.Join old = new GroupCommand.Join(Room.GROUP, "", "a2", "one", "client", "/host",
                Room.SESSION_MS,
                Room.REBALANCE_MS, "consumer", Room.protocols("topic"), false, false,
                room.topics, room.ticket());

        Joined back = room.ask(old).as(Joined.class);

        assertEquals("a1", back.leaderId());
        assertFalse(back.skipAssignment());
        assertTrue(back.members().isEmpty());
    }

    @Test
    void rebalancesWhenItsReturnChangesTheProtocol() {
        int generation = stableStatic();
        List<Protocol> other = List.of(new Protocol("roundrobin", Room.subscription("topic")));

        Ask back = room.ask(room.joinOf("", "a2", "one", other));

        assertTrue(back.waits());
        room.rejoin("b");
        assertEquals(generation + 1, back.as(Joined.class).generation());
        assertEquals("roundrobin", back.as(Joined.class).protocolName());
    }

    @Test
    void fencesAParkedJoinOfItsFormerSelf() {
        room.stable("a");
        Ask former = room.joinStatic("s1", "one");

        Ask latter = room.joinStatic("s2", "one");

        assertEquals(ErrorCode.FENCED_INSTANCE_ID, former.as(Rejected.class).error());
        assertTrue(latter.waits());
        room.rejoin("a");
        assertEquals("s2", latter.as(Joined.class).memberId());
        assertEquals(1, former.answers);
    }

    @Test
    void fencesAParkedSyncOfItsFormerSelf() {
        room.stable("a");
        Ask former = room.joinStatic("s1", "one");
        room.rejoin("a");
        Ask sync = room.ask(new Sync(Room.GROUP, 2, "s1", "one", null, null, Map.of(),
                room.topics));

        Ask latter = room.joinStatic("s2", "one");

        assertFalse(former.waits());
        assertEquals(ErrorCode.FENCED_INSTANCE_ID, sync.as(Rejected.class).error());
        assertTrue(latter.waits());
        assertEquals("PreparingRebalance", room.state());
    }

    @Test
    void staysThroughARoundItDidNotJoin() {
        int generation = stableStatic();
        Ask third = room.joinNew("c");
        room.rejoin("b");

        for (int beats = 0; beats < 7; beats++) {
            room.pass(5_000);
            beat("a1", "one", generation);
        }

        Joined leader = third.as(Joined.class).members().isEmpty() ? room.rejoin("b").as(Joined.class)
                : third.as(Joined.class);
        assertEquals(generation + 1, leader.generation());
        assertEquals("b", leader.leaderId());
        assertEquals(List.of("a1", "b", "c"),
                leader.members().stream().map(GroupReply.JoinedMember::memberId).toList());
    }

    @Test
    void leavesByItsInstanceId() {
        stableStatic();

        Left left = room.ask(new Leave(Room.GROUP, List.of(new LeavingMember("", "one", "scaled down"),
                new LeavingMember("", "two", null), new LeavingMember("b", "one", null)))).as(Left.class);

        assertEquals(ErrorCode.NONE, left.members().get(0).error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, left.members().get(1).error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, left.members().get(2).error());
        assertEquals("PreparingRebalance", room.state());
    }

    @Test
    void comesBackAfterACrashAsWhoItWasLast() {
        int generation = stableStatic();
        room.joinStatic("a2", "one");

        Room next = room.crash();

        assertEquals(ErrorCode.FENCED_INSTANCE_ID,
                next.ask(new Heartbeat(Room.GROUP, generation, "a1", "one")).as(Beat.class).error());
        assertEquals(ErrorCode.NONE,
                next.ask(new Heartbeat(Room.GROUP, generation, "a2", "one")).as(Beat.class).error());
        assertEquals("a3", next.joinStatic("a3", "one").as(Joined.class).memberId());
    }

    /** Static member a1, called one, leads; b follows. */
    private int stableStatic() {
        room.joinStatic("a1", "one");
        room.lead("a1", 1, "a1");
        room.joinNew("b");
        int generation = room.ask(room.joinOf("a1", "", "one", Room.protocols("topic"))).as(Joined.class)
                .generation();
        room.sync("b", generation, Map.of());
        room.lead("a1", generation, "a1", "b");
        return generation;
    }

    private ErrorCode beat(String memberId, String instanceId, int generation) {
        return room.ask(new Heartbeat(Room.GROUP, generation, memberId, instanceId)).as(Beat.class).error();
    }
}
