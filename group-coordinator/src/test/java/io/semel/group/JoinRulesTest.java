package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupCommand.Join;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.MemberIdRequired;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.Room.Ask;
import io.semel.wire.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JoinRulesTest {
    private final Room room = new Room();

    @Test
    void refusesAGroupWithoutAName() {
        Join join = new Join("", "", "a", null, "client", "/host", Room.SESSION_MS, Room.REBALANCE_MS,
                "consumer", Room.protocols("topic"), false, true, FixedTopics.NONE, 1);

        assertEquals(ErrorCode.INVALID_GROUP_ID, errorOf(room.ask(join)));
    }

    @Test
    void refusesASessionOutOfBounds() {
        assertEquals(ErrorCode.INVALID_SESSION_TIMEOUT, errorOf(room.ask(withSession(5_999))));
        assertEquals(ErrorCode.INVALID_SESSION_TIMEOUT, errorOf(room.ask(withSession(1_800_001))));
        assertEquals("a", room.ask(withSession(6_000)).as(Joined.class).memberId());
    }

    @Test
    void sendsADynamicMemberBackWithItsId() {
        Ask first = room.ask(idRequired("a"));

        assertEquals("a", first.as(MemberIdRequired.class).memberId());
        assertEquals("Empty", room.state());
        assertEquals("a", room.rejoin("a").as(Joined.class).memberId());
    }

    @Test
    void forgetsAnIdNobodyJoinsUnder() {
        room.ask(idRequired("a"));

        room.pass(Room.SESSION_MS + 1);

        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(room.rejoin("a")));
        assertEquals("Dead", room.state());
    }

    @Test
    void waitsInARoundForWhomAnIdWasGiven() {
        room.stable("a");
        Ask second = room.joinNew("b");
        room.ask(idRequired("c"));

        room.rejoin("a");

        assertTrue(second.waits());
        room.rejoin("c");
        assertFalse(second.waits());
        assertEquals("CompletingRebalance", room.state());
    }

    @Test
    void doesNotKnowAMemberOfAnotherGroup() {
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(room.rejoin("stranger")));
        room.stable("a");
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(room.rejoin("stranger")));
    }

    @Test
    void refusesAnotherProtocolTypeAndProtocolsNobodyShares() {
        room.stable("a");
        List<Protocol> others = List.of(new Protocol("sticky", Room.subscription("topic")));
        Join connect = new Join(Room.GROUP, "", "b", null, "client", "/host", Room.SESSION_MS,
                Room.REBALANCE_MS, "connect", Room.protocols("topic"), false, true, FixedTopics.NONE,
                room.ticket());

        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, errorOf(room.ask(connect)));
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                errorOf(room.ask(room.joinOf("", "b", null, others))));
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                errorOf(new Room().ask(room.joinOf("", "b", null, List.of()))));
    }

    @Test
    void choosesTheProtocolMostMembersPreferAmongThoseAllOffer() {
        room.ask(room.joinOf("", "a", null, named("only-a", "range", "sticky")));
        room.lead("a", 1, "a");
        Ask second = room.ask(room.joinOf("", "b", null, named("sticky", "range")));
        Ask third = room.ask(room.joinOf("", "c", null, named("sticky", "range")));

        Joined leader = room.ask(room.joinOf("a", "", null, named("only-a", "range", "sticky")))
                .as(Joined.class);

        assertEquals("sticky", leader.protocolName());
        assertEquals("sticky", second.as(Joined.class).protocolName());
        assertEquals("sticky", third.as(Joined.class).protocolName());
    }

    @Test
    void letsAFollowerThatOffersTheSameJoinWithoutARebalance() {
        int generation = room.stable("a", "b");

        Joined again = room.rejoin("b").as(Joined.class);

        assertEquals(generation, again.generation());
        assertEquals("Stable", room.state());
    }

    @Test
    void rebalancesWhenTheLeaderJoinsAgain() {
        int generation = room.stable("a", "b");

        Ask leader = room.rejoin("a");

        assertTrue(leader.waits());
        assertEquals(generation + 1, room.rejoin("b").as(Joined.class).generation());
        assertEquals(generation + 1, leader.as(Joined.class).generation());
    }

    @Test
    void rebalancesWhenAFollowerOffersSomethingElse() {
        room.stable("a", "b");

        Ask follower = room.ask(room.joinOf("b", "", null, Room.protocols("topic", "more")));

        assertTrue(follower.waits());
        assertEquals("PreparingRebalance", room.state());
    }

    @Test
    void answersAJoinAgainWhileTheGenerationWaitsForItsAssignment() {
        Joined first = room.joinNew("a").as(Joined.class);

        Joined again = room.rejoin("a").as(Joined.class);

        assertEquals(first.generation(), again.generation());
        assertEquals(1, again.members().size());
    }

    @Test
    void letsNobodyElseIntoAFullGroup() {
        Room small = new Room(GroupLimits.defaults().withGroupSizeMax(1));
        small.stable("a");

        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, errorOf(small.joinNew("b")));
        assertEquals("Stable", small.state());
        assertTrue(small.rejoin("a").reply instanceof Joined);
    }

    @Test
    void givesOutNoMoreIdsThanAGroupMayHaveMembers() {
        Room small = new Room(GroupLimits.defaults().withGroupSizeMax(2));
        small.ask(idRequired("a"));
        small.ask(idRequired("b"));

        assertEquals(ErrorCode.GROUP_MAX_SIZE_REACHED, errorOf(small.ask(idRequired("c"))));
        assertEquals("a", small.rejoin("a").as(Joined.class).memberId());
    }

    @Test
    void givesUpANewMemberThatWaitsTooLong() {
        Room slow = new Room(GroupLimits.defaults());
        slow.stable("a");
        Join patient = new Join(Room.GROUP, "", "b", null, "client", "/host", Room.SESSION_MS, 3_600_000,
                "consumer", Room.protocols("topic"), false, true, FixedTopics.NONE,
                slow.ticket());
        Ask joining = slow.ask(patient);

        for (int beats = 0; beats < 61; beats++) {
            slow.pass(5_000);
            slow.beat("a", 1);
        }

        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(joining));
    }

    @Test
    void waitsForMoreMembersOfAnEmptyGroupWhenTold() {
        Room waiting = new Room(GroupLimits.defaults().withInitialRebalanceDelayMs(3_000));
        Ask first = waiting.joinNew("a");
        waiting.pass(2_000);
        Ask second = waiting.joinNew("b");

        waiting.pass(2_000);
        boolean waitedOn = first.waits();
        waiting.pass(3_000);

        assertTrue(waitedOn);
        assertEquals(2, first.as(Joined.class).members().size());
        assertEquals(1, second.as(Joined.class).generation());
    }

    @Test
    void answersAJoinOfTheJournalsFailureWithTheAdviceToLookAgain() {
        room.stable("a");
        Ask parked = room.joinNew("b");
        room.journal.breakDown();

        Ask failed = room.commit("a", 1, null, 7);

        assertEquals(ErrorCode.NOT_COORDINATOR, errorOf(failed));
        assertEquals(ErrorCode.NOT_COORDINATOR, errorOf(parked));
        assertEquals(1, parked.answers);
    }

    @Test
    void tellsTheLeaderWhatEachMemberOffersUnderTheChosenProtocol() {
        room.stable("a");
        Ask second = room.ask(room.joinOf("", "b", null, Room.protocols("topic", "more")));

        Joined leader = room.rejoin("a").as(Joined.class);

        assertFalse(second.waits());
        assertArrayEquals(Room.subscription("topic", "more"), leader.members().get(1).metadata());
    }

    @Test
    void refusesASyncOfAnotherProtocolOrGeneration() {
        room.stable("a", "b");

        assertEquals(ErrorCode.ILLEGAL_GENERATION, errorOf(room.sync("a", 7, Map.of())));
        assertEquals(ErrorCode.UNKNOWN_MEMBER_ID, errorOf(room.sync("stranger", 2, Map.of())));
        Ask other = room.ask(new GroupCommand.Sync(Room.GROUP, 2, "a", null, "consumer", "sticky", Map.of(),
                room.topics));
        assertEquals(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, errorOf(other));
        Ask untold = room.ask(new GroupCommand.Sync(Room.GROUP, 2, "a", null, null, null, Map.of(),
                room.topics));
        assertTrue(untold.reply instanceof GroupReply.Synced);
    }

    private Join idRequired(String candidate) {
        return new Join(Room.GROUP, "", candidate, null, "client", "/host", Room.SESSION_MS,
                Room.REBALANCE_MS, "consumer", Room.protocols("topic"), true, true, FixedTopics.NONE,
                room.ticket());
    }

    private Join withSession(int sessionMs) {
        return new Join(Room.GROUP, "", "a", null, "client", "/host", sessionMs, -1, "consumer",
                Room.protocols("topic"), false, true, FixedTopics.NONE,
                room.ticket());
    }

    private static List<Protocol> named(String... names) {
        return Arrays.stream(names).map(name -> new Protocol(name, Room.subscription("topic"))).toList();
    }

    private static ErrorCode errorOf(Ask ask) {
        return ask.as(Rejected.class).error();
    }
}
