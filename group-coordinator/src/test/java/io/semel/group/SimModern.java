package io.semel.group;

import io.semel.group.GroupCommand.ConsumerBeat;
import io.semel.group.GroupReply.Reconciled;
import io.semel.group.GroupReply.Refused;
import io.semel.group.Room.Ask;
import io.semel.group.assign.Assignment;
import io.semel.wire.error.ErrorCode;
import java.util.Random;

/**
 * A consumer of the consumer protocol: gives up first, then takes what it is given, and says what it has when
 * it has come to the end of that, as Kafka's consumer does.
 */
final class SimModern extends SimMember {
    private static final int REBALANCE_MS = 20_000;

    private int epoch;
    private Assignment wanted;
    private Assignment reached;
    private Assignment told;
    private boolean tellsAll = true;
    private Ask ask;

    SimModern(String groupId, String instanceId, String host, Random random) {
        super(groupId, instanceId, host, random);
    }

    @Override
    void reset() {
        memberId = nextId();
        rejoin();
    }

    private void rejoin() {
        epoch = 0;
        owned = Assignment.NONE;
        reached = Assignment.NONE;
        wanted = null;
        tellsAll = true;
        ask = null;
    }

    /**
     * It says next all it has. Were it still to take something then, the coordinator would believe it had
     * given that up: the protocol has no word for "not yet", so that it takes it first.
     */
    @Override
    void forgetAsk() {
        ask = null;
        tellsAll = true;
        if (wanted == null) return;
        owned = wanted;
        reached();
    }

    private void reached() {
        reached = wanted;
        wanted = null;
    }

    @Override
    void act(Room room, boolean loses) {
        if (!alive) return;
        if (ask != null) {
            if (ask.waits()) return;
            if (loses) forgetAsk();
            else hear(ask.reply);
            ask = null;
        }
        if (wanted != null && random.nextInt(3) > 0) {
            owned = owned.and(wanted).equals(owned) ? wanted : owned.and(wanted);
            if (owned.equals(wanted)) reached();
        }
        Assignment tells = tellsAll || !reached.equals(told) ? reached : null;
        if (tells != null) told = tells;
        ask = room.ask(new ConsumerBeat(groupId, memberId, epoch, instanceId, null,
                tellsAll ? REBALANCE_MS : -1, tellsAll ? topics : null, null, null, tells, host, "/" + host,
                room.topics));
        tellsAll = false;
    }

    private void hear(GroupReply reply) {
        if (reply instanceof Reconciled answer) {
            epoch = answer.epoch();
            if (answer.assigned() != null) wanted = answer.assigned();
            return;
        }
        ErrorCode error = reply instanceof Refused refused ? refused.error()
                : ((GroupReply.Rejected) reply).error();
        switch (error) {
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND -> rejoin();
            case FENCED_INSTANCE_ID -> crash();
            case UNRELEASED_INSTANCE_ID, NOT_COORDINATOR -> tellsAll = true;
            default -> throw new AssertionError("a heartbeat was answered " + reply);
        }
    }

    @Override
    void leave(Room room) {
        if (!alive) return;
        owned = Assignment.NONE;
        alive = false;
        int word = instanceId != null && random.nextBoolean() ? Standing.LEFT_FOR_NOW : Standing.LEAVES;
        room.ask(new ConsumerBeat(groupId, memberId, word, instanceId, null, -1, null, null, null, null, host,
                "/" + host, room.topics));
    }
}
