package io.semel.group;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a member of a KIP-848 group told of itself, as the journal keeps it. Equal by content. Immutable.
 *
 * @param instanceId         null for a dynamic member; {@code rackId}, {@code expression} and
 *                           {@code assignor} are null when not told
 * @param rebalanceTimeoutMs how long it may take to give up a partition
 * @param topics             the names it subscribes to
 * @param expression         the regular expression it subscribes with
 * @param assignor           the server-side assignor it prefers
 * @param classic            what a member that speaks the classic protocol told; null for others
 */
record ConsumerMember(String memberId, String instanceId, String rackId, String clientId, String clientHost,
                      int rebalanceTimeoutMs, SortedSet<String> topics, String expression, String assignor,
                      ClassicSide classic) {
    /**
     * A member that speaks the classic protocol.
     *
     * @param protocols in the order it prefers them
     */
    record ClassicSide(int sessionTimeoutMs, List<Protocol> protocols) {
        boolean offers(String protocolName) {
            for (Protocol protocol : protocols) if (protocol.name().equals(protocolName)) return true;
            return false;
        }
    }

    private static final SortedSet<String> NO_TOPICS = Collections.unmodifiableSortedSet(new TreeSet<>());

    ConsumerMember {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }

    /** A member of whom nothing is known yet. */
    static ConsumerMember blank(String memberId) {
        return new ConsumerMember(memberId, null, null, "", "", -1, NO_TOPICS, null, null, null);
    }

    /** The same under another id: a static member that came back (KIP-345). */
    ConsumerMember withId(String newMemberId) {
        return new ConsumerMember(newMemberId, instanceId, rackId, clientId, clientHost, rebalanceTimeoutMs,
                topics, expression, assignor, classic);
    }

    /** With what a heartbeat tells; what it leaves out stays. */
    ConsumerMember told(GroupCommand.ConsumerBeat beat) {
        String newExpression = expression;
        if (beat.expression() != null) newExpression = beat.expression().isEmpty() ? null : beat.expression();
        return new ConsumerMember(memberId, beat.instanceId() == null ? instanceId : beat.instanceId(),
                beat.rackId() == null ? rackId : beat.rackId(), beat.clientId(), beat.clientHost(),
                beat.rebalanceTimeoutMs() < 0 ? rebalanceTimeoutMs : beat.rebalanceTimeoutMs(),
                beat.topicNames() == null ? topics : beat.topicNames(), newExpression,
                beat.assignor() == null ? assignor : beat.assignor(), null);
    }

    /** With what a JoinGroup of the classic protocol tells. */
    ConsumerMember told(GroupCommand.Join join, EmbeddedProtocol.Subscribed subscribed) {
        int timeoutMs = join.rebalanceTimeoutMs() < 0 ? join.sessionTimeoutMs() : join.rebalanceTimeoutMs();
        return new ConsumerMember(memberId, join.groupInstanceId(), subscribed.rackId(), join.clientId(),
                join.clientHost(), timeoutMs, subscribed.topics(), null, null,
                new ClassicSide(join.sessionTimeoutMs(), List.copyOf(join.protocols())));
    }

    boolean isStatic() {
        return instanceId != null;
    }

    boolean isClassic() {
        return classic != null;
    }
}
