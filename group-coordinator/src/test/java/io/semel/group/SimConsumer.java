package io.semel.group;

import io.semel.group.GroupCommand.Heartbeat;
import io.semel.group.GroupCommand.Join;
import io.semel.group.GroupCommand.Leave;
import io.semel.group.GroupCommand.LeavingMember;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupReply.Beat;
import io.semel.group.GroupReply.Joined;
import io.semel.group.GroupReply.JoinedMember;
import io.semel.group.GroupReply.MemberIdRequired;
import io.semel.group.GroupReply.Rejected;
import io.semel.group.GroupReply.Synced;
import io.semel.group.Room.Ask;
import io.semel.wire.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A consumer as the Java client behaves in a group, a step at a time. */
final class SimConsumer {
    enum State { OUT, JOINING, JOINED, SYNCING, STABLE, DEAD }

    /** Somebody who hears of every assignment a consumer gets. */
    interface Witness {
        void assigned(String groupId, int generation, String name, String assignment);
    }

    final String groupId;
    final String instanceId;
    private final String host;
    private final Random random;
    private final Witness witness;
    State state = State.OUT;
    String memberId = "";
    int generation = -1;
    private int topics = 1;
    private Joined joined;
    private Ask ask;
    private static final int SESSION_MS = 10_000;

    SimConsumer(String groupId, String instanceId, String host, Random random, Witness witness) {
        this.groupId = groupId;
        this.instanceId = instanceId;
        this.host = host;
        this.random = random;
        this.witness = witness;
    }

    /** Does what comes next, if anything. */
    void act(Room room) {
        switch (state) {
            case OUT -> join(room);
            case JOINING -> hearJoin(room);
            case JOINED -> sync(room);
            case SYNCING -> hearSync(room);
            case STABLE -> beat(room);
            case DEAD -> { }
        }
    }

    void join(Room room) {
        List<Protocol> protocols = Room.protocols(topics == 1 ? new String[]{"topic"}
                : new String[]{"topic", "more"});
        ask = room.ask(new Join(groupId, memberId, host + "-" + room.ticket(), instanceId, host, "/" + host,
                SESSION_MS, 20_000,
                "consumer", protocols, instanceId == null && random.nextBoolean(), random.nextBoolean(),
                room.topics, room.ticket()));
        state = State.JOINING;
    }

    void changeSubscription(Room room) {
        topics = 3 - topics;
        join(room);
    }

    /** It did not wait for the answer and joins again over another connection. */
    void loseConnection(Room room) {
        if (state == State.JOINING && ask.waits()) join(room);
    }

    private void hearJoin(Room room) {
        if (ask.waits()) return;
        if (ask.reply instanceof MemberIdRequired required) {
            memberId = required.memberId();
            join(room);
        } else if (ask.reply instanceof Joined answer) {
            joined = answer;
            memberId = answer.memberId();
            generation = answer.generation();
            state = State.JOINED;
        } else {
            refused(((Rejected) ask.reply).error());
        }
    }

    private void sync(Room room) {
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        boolean leads = joined.leaderId().equals(memberId) && !joined.skipAssignment()
                && !joined.members().isEmpty();
        long nonce = room.ticket();
        if (leads) {
            for (JoinedMember each : joined.members()) {
                String name = each.groupInstanceId() == null ? each.memberId() : each.groupInstanceId();
                assignments.put(each.memberId(), (nonce + " " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        ask = room.ask(new Sync(groupId, generation, memberId, instanceId, "consumer", joined.protocolName(),
                assignments, room.topics));
        state = State.SYNCING;
    }

    private void hearSync(Room room) {
        if (ask.waits()) return;
        if (ask.reply instanceof Synced answer) {
            witness.assigned(groupId, generation, name(),
                    new String(answer.assignment(), StandardCharsets.UTF_8));
            state = State.STABLE;
        } else {
            refused(((Rejected) ask.reply).error());
        }
    }

    private void beat(Room room) {
        ErrorCode error = room.ask(new Heartbeat(groupId, generation, memberId, instanceId))
                .reply instanceof Beat beat ? beat.error() : ErrorCode.NONE;
        if (error != ErrorCode.NONE) refused(error);
    }

    void refused(ErrorCode error) {
        state = State.OUT;
        switch (error) {
            case UNKNOWN_MEMBER_ID -> memberId = "";
            case FENCED_INSTANCE_ID -> state = State.DEAD;
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION, NOT_COORDINATOR -> { }
            default -> throw new AssertionError("a consumer that behaves was told " + error);
        }
    }

    void leave(Room room) {
        room.ask(new Leave(groupId, List.of(new LeavingMember(memberId, instanceId, null))));
        state = State.OUT;
        memberId = "";
    }

    void die() {
        state = State.DEAD;
    }

    /** Another process under the same name, which knows no member id. */
    void restart() {
        state = State.OUT;
        memberId = "";
        generation = -1;
    }

    String name() {
        return instanceId == null ? memberId : instanceId;
    }
}
