package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.JoinedMember;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.GroupReply.Synced;
import io.semel.group.Room.Ask;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassicGroupFlowTest {
    private final Room room = new Room();

    @Test
    void aFirstMemberLeadsAGenerationOfItsOwn() {
        Joined joined = room.joinNew("a").as(Joined.class);

        assertEquals("a", joined.memberId());
        assertEquals("a", joined.leaderId());
        assertEquals(1, joined.generation());
        assertEquals("range", joined.protocolName());
        assertEquals("consumer", joined.protocolType());
        assertEquals(List.of("a"), joined.members().stream().map(JoinedMember::memberId).toList());
        assertEquals("CompletingRebalance", room.state());
    }

    @Test
    void aSecondMemberWaitsUntilTheFirstHasJoinedAgain() {
        room.stable("a");

        Ask second = room.joinNew("b");

        assertTrue(second.waits());
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, room.beat("a", 1).as(Beat.class).error());
        Joined first = room.rejoin("a").as(Joined.class);
        assertEquals(2, first.generation());
        assertEquals(2, first.members().size());
        assertEquals(2, second.as(Joined.class).generation());
        assertTrue(second.as(Joined.class).members().isEmpty());
    }

    @Test
    void followersWaitForTheLeadersAssignment() {
        room.stable("a");
        Ask second = room.joinNew("b");
        room.rejoin("a");

        Ask follower = room.sync("b", 2, Map.of());
        boolean waited = follower.waits();
        Ask leader = room.lead("a", 2, "a", "b");

        assertTrue(waited);
        assertFalse(second.waits());
        assertArrayEquals(Room.bytes("a"), leader.as(Synced.class).assignment());
        assertArrayEquals(Room.bytes("b"), follower.as(Synced.class).assignment());
        assertEquals("Stable", room.state());
        assertEquals(ErrorCode.NONE, room.beat("b", 2).as(Beat.class).error());
    }

    @Test
    void anAssignmentIsGivenOutOnlyWhenItIsDurable() {
        room.joinNew("a");
        room.forces = false;

        Ask leader = room.lead("a", 1, "a");

        assertNull(leader.reply);
        room.force();
        assertArrayEquals(Room.bytes("a"), leader.as(Synced.class).assignment());
    }

    @Test
    void aMemberThatFallsSilentIsRemovedAndTheOthersRebalance() {
        int generation = room.stable("a", "b");

        for (int beats = 0; beats < 4; beats++) {
            room.pass(Room.SESSION_MS / 3);
            room.beat("a", generation);
        }

        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, room.beat("a", generation).as(Beat.class).error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, room.beat("b", generation).as(Beat.class).error());
        Joined alone = room.rejoin("a").as(Joined.class);
        assertEquals(generation + 1, alone.generation());
        assertEquals(1, alone.members().size());
    }

    @Test
    void aRoundEndsAtItsDeadlineWithoutTheDynamicMembersThatDidNotJoin() {
        int generation = room.stable("a", "b");
        Ask third = room.joinNew("c");
        room.rejoin("a");

        for (int beats = 0; beats < 7; beats++) {
            room.pass(5_000);
            room.beat("b", generation);
        }

        Joined joined = third.as(Joined.class);
        assertEquals(generation + 1, joined.generation());
        assertEquals("a", joined.leaderId());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, room.beat("b", generation).as(Beat.class).error());
    }

    @Test
    void whoWaitsForTheOthersToJoinIsNotTakenForDead() {
        room.stable("a");
        Ask second = room.joinNew("b");
        room.rejoin("a");
        room.lead("a", 2, "a", "b");
        room.sync("b", 2, Map.of());
        Ask again = room.rejoin("a");

        room.pass(Room.SESSION_MS - 1);
        room.beat("b", 2);
        room.pass(Room.SESSION_MS - 1);
        Joined back = room.rejoin("b").as(Joined.class);

        assertFalse(second.waits());
        assertEquals(3, back.generation());
        assertEquals("a", again.as(Joined.class).memberId());
        assertEquals(2, again.as(Joined.class).members().size());
    }

    @Test
    void whoDoesNotSyncInTimeIsRemoved() {
        room.stable("a");
        Ask second = room.joinNew("b");
        room.rejoin("a");
        Ask follower = room.sync("b", 2, Map.of());

        for (int beats = 0; beats < 7; beats++) {
            room.pass(5_000);
            room.beat("a", 2);
        }

        assertFalse(second.waits());
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, follower.as(Rejected.class).error());
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, room.beat("a", 2).as(Beat.class).error());
        assertEquals(3, room.rejoin("b").as(Joined.class).generation());
    }

    @Test
    void aMemberThatLeavesMakesTheOthersRebalance() {
        int generation = room.stable("a", "b");

        GroupReply.Left left = room.leave("b").as(GroupReply.Left.class);

        assertEquals(ErrorCode.NONE, left.members().get(0).error());
        assertEquals(ErrorCode.REBALANCE_IN_PROGRESS, room.beat("a", generation).as(Beat.class).error());
        assertEquals(generation + 1, room.rejoin("a").as(Joined.class).generation());
    }

    @Test
    void aGroupThatAllHaveLeftIsEmptyAndGoesOnCounting() {
        int generation = room.stable("a");

        room.leave("a");

        assertEquals("Empty", room.state());
        assertEquals(generation + 2, room.joinNew("b").as(Joined.class).generation());
    }

    @Test
    void twoJoinsOfOneMemberAreBothAnswered() {
        int generation = room.stable("a", "b");
        Ask once = room.ask(room.joinOf("a", "", null, Room.protocols("topic")));
        Ask twice = room.ask(room.joinOf("a", "", null, Room.protocols("topic", "other")));

        room.rejoin("b");

        assertEquals(generation + 1, once.as(Joined.class).generation());
        assertEquals(generation + 1, twice.as(Joined.class).generation());
        assertEquals(1, once.answers);
        assertEquals(1, twice.answers);
        assertEquals("CompletingRebalance", room.state());
    }

    @Test
    void anAskerMayAskAgainFromWithinHisAnswer() {
        int generation = room.stable("a", "b");
        List<GroupReply> synced = new ArrayList<>();
        Map<String, byte[]> assignments = Map.of("a", Room.bytes("a"), "b", Room.bytes("b"));
        for (String member : List.of("a", "b")) {
            room.host.submit(room.joinOf(member, "", null, Room.protocols("topic", "more")), joined ->
                    room.host.submit(new GroupCommand.Sync(Room.GROUP, generation + 1, member, null, null,
                    null, assignments, room.topics), synced::add, room.nowMs), room.nowMs);
        }

        room.force();

        assertEquals(2, synced.size());
        for (GroupReply each : synced) assertEquals(1, ((Synced) each).assignment().length);
        assertEquals("Stable", room.state());
        assertEquals(0, room.host.parkedCount());
    }

    @Test
    void aGroupOfAThousandFormsOneGenerationAndHearsEveryBeat() {
        Room large = new Room(GroupLimits.defaults().withInitialRebalanceDelayMs(3_000));
        List<Ask> joins = new ArrayList<>();
        for (int member = 0; member < 1_000; member++) joins.add(large.joinNew("member-" + member));

        large.pass(6_100);
        for (int member = 1; member < 1_000; member++) large.sync("member-" + member, 1, Map.of());
        large.lead("member-0", 1, "member-0");
        large.pass(Room.SESSION_MS - 1);
        for (int member = 0; member < 1_000; member++) {
            assertEquals(ErrorCode.NONE, large.beat("member-" + member, 1).as(Beat.class).error());
        }
        large.pass(Room.SESSION_MS - 1);

        assertEquals(1_000, joins.get(0).as(Joined.class).members().size());
        assertEquals("Stable", large.state());
        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, large.joinNew("one more").as(Rejected.class).error());
    }
}
