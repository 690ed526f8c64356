package io.semel.group;

import io.semel.group.GroupEvent.StoredMember;
import java.util.Arrays;
import java.util.List;

/**
 * One member of a classic group; its deadline is kept by the group. Immutable.
 *
 * @param instanceId   null for a dynamic member
 * @param protocols    in the order it prefers them
 * @param isNew        it has not been in a generation yet
 * @param awaitingJoin it has joined the round that is on
 * @param awaitingSync it waits for the leader's assignment
 */
record Member(String memberId, String instanceId, String clientId, String clientHost, int sessionTimeoutMs,
              int rebalanceTimeoutMs, List<Protocol> protocols, byte[] assignment, boolean isNew,
              boolean awaitingJoin, boolean awaitingSync) {
    static final byte[] NO_BYTES = new byte[0];

    /** A member as it comes into a round. */
    static Member joining(GroupCommand.Join join, String memberId) {
        return new Member(memberId, join.groupInstanceId(), join.clientId(), join.clientHost(),
                join.sessionTimeoutMs(), rebalanceTimeoutMs(join), List.copyOf(join.protocols()), NO_BYTES,
                true, true, false);
    }

    /** A member as the journal has it: under the one protocol its generation chose. */
    static Member stored(StoredMember stored, String protocolName) {
        List<Protocol> protocols = List.of(new Protocol(protocolName, stored.subscription()));
        return new Member(stored.memberId(), stored.instanceId(), stored.clientId(), stored.clientHost(),
                stored.sessionTimeoutMs(), stored.rebalanceTimeoutMs(), protocols, stored.assignment(), false,
                false, false);
    }

    /** The same member joining again: with what it offers now. */
    Member rejoining(GroupCommand.Join join) {
        return new Member(memberId, instanceId, clientId, clientHost, join.sessionTimeoutMs(),
                rebalanceTimeoutMs(join), List.copyOf(join.protocols()), assignment, isNew, true,
                awaitingSync);
    }

    /** The same static member under another id, with what it offers now (KIP-345). */
    Member replacedBy(GroupCommand.Join join, String newMemberId, boolean awaiting) {
        return new Member(newMemberId, instanceId, join.clientId(), join.clientHost(),
                join.sessionTimeoutMs(), rebalanceTimeoutMs(join), List.copyOf(join.protocols()), assignment,
                isNew, awaiting, false);
    }

    /** As it enters a generation: nothing is awaited of it but its sync. */
    Member inGeneration() {
        return new Member(memberId, instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs,
                protocols, assignment, false, false, false);
    }

    Member waitingForSync(boolean waiting) {
        return new Member(memberId, instanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs,
                protocols, assignment, isNew, awaitingJoin, waiting);
    }

    /**
     * The same member with what the journal says of it; what it offers stays unless the journal knows better.
     */
    Member storedAs(StoredMember stored, String protocolName) {
        if (!Arrays.equals(metadata(protocolName), stored.subscription())) {
            return stored(stored, protocolName);
        }
        return new Member(memberId, stored.instanceId(), stored.clientId(), stored.clientHost(),
                stored.sessionTimeoutMs(), stored.rebalanceTimeoutMs(), protocols, stored.assignment(), false,
                false, awaitingSync);
    }

    boolean isStatic() {
        return instanceId != null;
    }

    /** Nothing is expected of it: it waits for us. Whoever is new must still join in time. */
    boolean waitsForUs() {
        return awaitingSync || awaitingJoin && !isNew;
    }

    /** What it tells the leader under this protocol, null when it does not offer it. */
    byte[] metadata(String protocolName) {
        for (Protocol protocol : protocols) {
            if (protocol.name().equals(protocolName)) return protocol.metadata();
        }
        return null;
    }

    boolean offers(String protocolName) {
        return metadata(protocolName) != null;
    }

    private static int rebalanceTimeoutMs(GroupCommand.Join join) {
        return join.rebalanceTimeoutMs() < 0 ? join.sessionTimeoutMs() : join.rebalanceTimeoutMs();
    }
}
