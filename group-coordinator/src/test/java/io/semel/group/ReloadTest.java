package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Described;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.GroupReply.Synced;
import io.semel.group.Room.Ask;
import io.semel.wire.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReloadTest {
    private final Room room = new Room();

    @Test
    void membersGoOnInTheirGeneration() {
        int generation = room.stable("a", "b");
        room.pass(Room.SESSION_MS - 1);
        room.beat("a", generation);
        room.beat("b", generation);

        Room next = room.crash();

        assertEquals(ErrorCode.NONE, next.beat("a", generation).as(Beat.class).error());
        assertArrayEquals(Room.bytes("b"),
                next.sync("b", generation, Map.of()).as(Synced.class).assignment());
        assertEquals(room.shard.digest(), next.shard.digest());
    }

    @Test
    void whoDoesNotComeBackHasAWholeSessionAndIsRemovedThen() {
        int generation = room.stable("a", "b");
        Room next = room.crash();

        next.pass(Room.SESSION_MS - 1);
        ErrorCode inTime = next.beat("a", generation).as(Beat.class).error();
        next.pass(2);

        assertEquals(ErrorCode.NONE, inTime);
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, next.beat("a", generation).as(Beat.class).error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, next.beat("b", generation).as(Beat.class).error());
    }

    @Test
    void aRoundThatWasOnIsForgottenAndThoseWhoWaitedAreToldToAskAgain() {
        int generation = room.stable("a");
        Ask parked = room.joinNew("b");

        Room next = room.crash();

        assertEquals(ErrorCode.NOT_COORDINATOR, parked.as(Rejected.class).error());
        assertEquals("Stable", next.state());
        assertEquals(ErrorCode.NONE, next.beat("a", generation).as(Beat.class).error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, next.rejoin("b").as(Rejected.class).error());
    }

    @Test
    void anAssignmentThatWasNotDurableNeverWas() {
        room.stable("a");
        room.joinNew("b");
        room.rejoin("a");
        room.forces = false;
        Ask follower = room.sync("b", 2, Map.of());
        Ask leader = room.lead("a", 2, "a", "b");

        Room next = room.crash();

        assertEquals(ErrorCode.NOT_COORDINATOR, leader.as(Rejected.class).error());
        assertEquals(ErrorCode.NOT_COORDINATOR, follower.as(Rejected.class).error());
        assertEquals(ErrorCode.ILLEGAL_GENERATION, next.beat("a", 2).as(Beat.class).error());
        assertEquals(ErrorCode.NONE, next.beat("a", 1).as(Beat.class).error());
    }

    @Test
    void theLeaderSeesWhatMembersOfferedLast() {
        room.stable("a", "b");
        room.ask(room.joinOf("b", "", null, Room.protocols("topic", "more")));
        int generation = room.rejoin("a").as(Joined.class).generation();
        room.sync("b", generation, Map.of());
        room.lead("a", generation, "a", "b");

        Described described = room.crash().ask(new GroupCommand.DescribeGroup(Room.GROUP))
                .as(Described.class);

        assertEquals("Stable", described.state());
        assertEquals("range", described.protocolName());
        assertArrayEquals(Room.subscription("topic", "more"), described.members().get(1).metadata());
        assertArrayEquals(Room.bytes("b"), described.members().get(1).assignment());
    }

    @Test
    void aMemberThatJoinsAfterwardsRebalancesTheOthersAsEver() {
        int generation = room.stable("a", "b");
        Room next = room.crash();

        Ask third = next.joinNew("c");
        next.rejoin("a");
        next.rejoin("b");

        assertEquals(generation + 1, third.as(Joined.class).generation());
    }

    @Test
    void anEmptyRoomHasNothingDue() {
        assertEquals(Long.MAX_VALUE, new Room().host.nextDeadlineMs());
    }

    @Test
    void manyGroupsComeBackAndAreArmedAFewAtATime() {
        for (int group = 0; group < 100; group++) {
            String groupId = "group-" + group;
            room.ask(new GroupCommand.Join(groupId, "", "a", null, "client", "/host", Room.SESSION_MS,
                    Room.REBALANCE_MS, "consumer", Room.protocols("topic"), false, true, FixedTopics.NONE,
                room.ticket()));
            room.ask(new GroupCommand.Sync(groupId, 1, "a", null, null, null, Map.of("a", new byte[]{1}),
                    room.topics));
        }
        Room next = room.crash();

        next.pass(1);
        long due = next.host.nextDeadlineMs();
        next.pass(Room.SESSION_MS);

        assertTrue(due > room.nowMs + 1_000, "due at " + due);
        assertEquals("Empty", next.ask(new GroupCommand.DescribeGroup("group-99")).as(Described.class)
                .state());
    }
}
