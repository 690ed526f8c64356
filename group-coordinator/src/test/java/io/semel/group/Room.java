package io.semel.group;

import io.semel.group.GroupCommand.CommitOffsets;
import io.semel.group.GroupCommand.FetchOffsets;
import io.semel.group.GroupCommand.Heartbeat;
import io.semel.group.GroupCommand.Join;
import io.semel.group.GroupCommand.Leave;
import io.semel.group.GroupCommand.LeavingMember;
import io.semel.group.GroupCommand.OffsetToCommit;
import io.semel.group.GroupCommand.Sync;
import io.semel.group.GroupReply.Joined;
import io.semel.group.base.RecordWriter;
import io.semel.kernel.law.Gate;
import io.semel.kernel.law.ShardHost;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The room in its real host over a journal of records, a clock that is turned by hand, and the ways clients
 * speak to it.
 */
final class Room {
    static final String GROUP = "flights";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 30_000;

    /** What an asker has been answered; null until then. */
    static final class Ask {
        GroupReply reply;
        int answers;

        boolean waits() {
            return reply == null;
        }

        <R> R as(Class<R> type) {
            if (reply == null) throw new AssertionError("no answer yet");
            return type.cast(reply);
        }
    }

    final GroupLimits limits;
    final RecordJournal journal;
    final GroupShard shard;
    final ShardHost<GroupCommand, GroupEvent, GroupReply> host;
    long nowMs;
    boolean forces = true;
    FixedTopics topics = FixedTopics.NONE.with("topic", 4);
    private final boolean leaking;
    private long tickets;

    Room() {
        this(GroupLimits.defaults());
    }

    Room(GroupLimits limits) {
        this(limits, new RecordJournal(), 1_000_000);
    }

    Room(GroupLimits limits, RecordJournal journal, long nowMs) {
        this(limits, journal, nowMs, false);
    }

    /** @param leaking replies leave before what they rest on is durable: a bug to be noticed */
    Room(GroupLimits limits, RecordJournal journal, long nowMs, boolean leaking) {
        this.limits = limits;
        this.leaking = leaking;
        this.journal = journal;
        this.nowMs = nowMs;
        shard = new GroupShard(limits);
        journal.foldInto(shard);
        host = new ShardHost<>(shard, journal, new Gate(journal.durableOffset(), leaking),
                (duty, outcome) -> {
            throw new AssertionError("a group owes nobody anything");
        });
    }

    /** The room that is folded again from what is durable. */
    Room crash() {
        return crash(journal.durableOffset());
    }

    Room crash(long survivingOffset) {
        host.close();
        Room next = new Room(limits, journal.survivor(survivingOffset), nowMs, leaking);
        next.tickets = tickets;
        next.topics = topics;
        return next;
    }

    Ask ask(GroupCommand command) {
        Ask ask = new Ask();
        host.submit(command, reply -> {
            ask.reply = reply;
            ask.answers++;
        }, nowMs);
        if (forces) force();
        return ask;
    }

    void force() {
        journal.force();
        host.durable(nowMs);
    }

    /** The marker is appended and folded. */
    void mark(long producerId, boolean commit) {
        long offset = journal.endOffset();
        host.folded(journal.appendMarker(producerId, commit), offset, nowMs);
        if (forces) force();
    }

    /** Turns the clock, stopping wherever something is due. */
    void pass(long ms) {
        long untilMs = nowMs + ms;
        for (int turns = 0; host.nextDeadlineMs() <= untilMs; turns++) {
            if (turns > 100_000) throw new AssertionError("time stands still at " + nowMs);
            nowMs = Math.max(nowMs, host.nextDeadlineMs());
            host.tick(nowMs);
            if (forces) force();
        }
        nowMs = untilMs;
    }

    // As clients speak

    long ticket() {
        return ++tickets;
    }

    Join joinOf(String memberId, String candidate, String instanceId, List<Protocol> protocols) {
        return new Join(GROUP, memberId, candidate, instanceId, "client", "/127.0.0.1", SESSION_MS,
                REBALANCE_MS, "consumer", protocols, false, true, topics, ticket());
    }

    Ask joinNew(String candidate) {
        return ask(joinOf("", candidate, null, protocols("topic")));
    }

    Ask joinStatic(String candidate, String instanceId) {
        return ask(joinOf("", candidate, instanceId, protocols("topic")));
    }

    Ask rejoin(String memberId) {
        return ask(joinOf(memberId, "", null, protocols("topic")));
    }

    Ask sync(String memberId, int generation, Map<String, byte[]> assignments) {
        return ask(new Sync(GROUP, generation, memberId, null, "consumer", "range", assignments, topics));
    }

    /** Everybody named gets an assignment of his own name. */
    Ask lead(String memberId, int generation, String... members) {
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        for (String member : members) assignments.put(member, bytes(member));
        return sync(memberId, generation, assignments);
    }

    Ask beat(String memberId, int generation) {
        return ask(new Heartbeat(GROUP, generation, memberId, null));
    }

    Ask leave(String memberId) {
        return ask(new Leave(GROUP, List.of(new LeavingMember(memberId, null, null))));
    }

    Ask commit(String memberId, int generation, String instanceId, long offset) {
        return ask(new CommitOffsets(GROUP, memberId, generation, instanceId,
                List.of(offsetOf(partition(0), offset)), -1, (short) -1));
    }

    Ask commitInTransaction(long producerId, int partition, long offset) {
        return ask(new CommitOffsets(GROUP, "", -1, null, List.of(offsetOf(partition(partition), offset)),
                producerId, (short) 0));
    }

    GroupReply.FetchedOffset fetch(int partition, boolean requireStable) {
        Ask ask = ask(new FetchOffsets(GROUP, null, -1, List.of(partition(partition)), requireStable));
        return ask.as(GroupReply.Fetched.class).partitions().get(0);
    }

    String state() {
        return ask(new GroupCommand.DescribeGroup(GROUP)).as(GroupReply.Described.class).state();
    }

    /** A stable group of these members, the first of them leading, in the generation that is returned. */
    int stable(String... members) {
        List<Ask> joins = new ArrayList<>();
        for (String member : members) {
            joins.add(joinNew(member));
            for (int index = 0; index < joins.size() - 1; index++) {
                if (!joins.get(index).waits()) joins.set(index, rejoin(members[index]));
            }
        }
        int generation = joins.get(0).as(Joined.class).generation();
        for (int index = members.length - 1; index > 0; index--) sync(members[index], generation, Map.of());
        lead(members[0], generation, members);
        return generation;
    }

    static OffsetToCommit offsetOf(TopicPartition partition, long offset) {
        return new OffsetToCommit(partition, offset, 3, "at " + offset, null);
    }

    static TopicPartition partition(int partition) {
        return new TopicPartition("topic", partition);
    }

    /** Range and round-robin, both subscribing to these topics. */
    static List<Protocol> protocols(String... topics) {
        return List.of(new Protocol("range", subscription(topics)),
                new Protocol("roundrobin", subscription(topics)));
    }

    static byte[] subscription(String... topics) {
        RecordWriter writer = new RecordWriter().int16(0).int32(topics.length);
        for (String topic : topics) writer.string(topic);
        ByteBuffer done = writer.int32(-1).done();
        byte[] bytes = new byte[done.remaining()];
        done.get(bytes);
        return bytes;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
