package io.semel.group;

import io.semel.group.ConsumerEvent.Durable;
import io.semel.group.ConsumerEvent.EpochSet;
import io.semel.group.ConsumerEvent.Erased;
import io.semel.group.ConsumerEvent.ExpressionResolved;
import io.semel.group.ConsumerEvent.Kind;
import io.semel.group.ConsumerEvent.MemberSet;
import io.semel.group.ConsumerEvent.StandingSet;
import io.semel.group.ConsumerEvent.TargetEpochSet;
import io.semel.group.ConsumerEvent.TargetSet;
import io.semel.group.ConsumerMember.ClassicSide;
import io.semel.group.assign.Assignment;
import io.semel.group.base.RecordReader;
import io.semel.group.base.RecordWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The ConsumerGroup* records of Kafka's {@code __consumer_offsets}: keys 3, 5, 6, 7, 8 and 16, all values of
 * version 0, with the tagged fields of 4.3. Key 4 (topic metadata, before 4.1) is passed over. Any thread.
 */
final class ConsumerEventCodec {
    private static final short VERSION = 0;
    private static final int FIRST_TAG = 0;

    private ConsumerEventCodec() {
    }

    /** Null for a kind of record that is not one of these. */
    static Kind kindOf(short key) {
        for (Kind kind : Kind.values()) if (kind.key() == key) return kind;
        return null;
    }

    // Writing

    static ByteBuffer key(Durable event) {
        if (event instanceof EpochSet) return key(Kind.GROUP, event.groupId(), null);
        if (event instanceof MemberSet set) return key(Kind.MEMBER, set.groupId(), set.member().memberId());
        if (event instanceof TargetEpochSet) return key(Kind.TARGET, event.groupId(), null);
        if (event instanceof TargetSet set) return key(Kind.MEMBER_TARGET, set.groupId(), set.memberId());
        if (event instanceof StandingSet set) return key(Kind.STANDING, set.groupId(), set.memberId());
        if (event instanceof ExpressionResolved resolved) {
            return key(Kind.EXPRESSION, resolved.groupId(), resolved.expression());
        }
        Erased erased = (Erased) event;
        return key(erased.kind(), erased.groupId(), erased.name());
    }

    private static ByteBuffer key(Kind kind, String groupId, String name) {
        RecordWriter writer = new RecordWriter().int16(kind.key()).string(groupId);
        return (name == null ? writer : writer.string(name)).done();
    }

    /** Null for a tombstone. */
    static ByteBuffer value(Durable event) {
        RecordWriter writer = new RecordWriter().int16(VERSION);
        if (event instanceof EpochSet set) {
            writer.int32(set.epoch());
            return taggedInt64(writer, set.topicsHash()).done();
        }
        if (event instanceof MemberSet set) return value(writer, set.member());
        if (event instanceof TargetEpochSet set) {
            return taggedInt64(writer.int32(set.epoch()), set.timestampMs()).done();
        }
        if (event instanceof TargetSet set) return assignment(writer, set.target(), null).varint(0).done();
        if (event instanceof StandingSet set) return value(writer, set.standing());
        if (event instanceof ExpressionResolved resolved) {
            writer.varint(resolved.topics().size() + 1);
            resolved.topics().forEach(writer::compactString);
            return writer.int64(0).int64(resolved.timestampMs()).varint(0).done();
        }
        return null;
    }

    /** One tagged field, left out when it has its default. */
    private static RecordWriter taggedInt64(RecordWriter writer, long number) {
        if (number == 0) return writer.varint(0);
        return writer.varint(1).varint(FIRST_TAG).varint(Long.BYTES).int64(number);
    }

    private static ByteBuffer value(RecordWriter writer, ConsumerMember member) {
        writer.compactString(member.instanceId()).compactString(member.rackId())
                .compactString(member.clientId()).compactString(member.clientHost());
        writer.varint(member.topics().size() + 1);
        member.topics().forEach(writer::compactString);
        writer.compactString(member.expression()).int32(member.rebalanceTimeoutMs())
                .compactString(member.assignor());
        if (!member.isClassic()) return writer.varint(0).done();
        RecordWriter classic = new RecordWriter();
        classic.varint(1).int32(member.classic().sessionTimeoutMs())
                .varint(member.classic().protocols().size() + 1);
        for (Protocol protocol : member.classic().protocols()) {
            classic.compactString(protocol.name()).compactBytes(protocol.metadata()).varint(0);
        }
        ByteBuffer tagged = classic.varint(0).done();
        return writer.varint(1).varint(FIRST_TAG).varint(tagged.remaining()).raw(tagged).done();
    }

    private static ByteBuffer value(RecordWriter writer, Standing standing) {
        writer.int32(standing.epoch()).int32(standing.previousEpoch()).int8(standing.phase().code());
        assignment(writer, standing.assigned(), standing);
        return assignment(writer, standing.pending(), standing).varint(0).done();
    }

    /** @param standing whose epochs go with the partitions; null for none */
    private static RecordWriter assignment(RecordWriter writer, Assignment assignment, Standing standing) {
        writer.varint(assignment.partitions().size() + 1);
        assignment.partitions().forEach((topicId, partitions) -> {
            writer.int64(topicId.getMostSignificantBits()).int64(topicId.getLeastSignificantBits());
            writer.varint(partitions.size() + 1);
            partitions.forEach(writer::int32);
            if (standing == null) {
                writer.varint(0);
                return;
            }
            RecordWriter epochs = new RecordWriter().varint(partitions.size() + 1);
            for (int partition : partitions) epochs.int32(standing.sinceOf(topicId, partition));
            ByteBuffer tagged = epochs.done();
            writer.varint(1).varint(FIRST_TAG).varint(tagged.remaining()).raw(tagged);
        });
        return writer;
    }

    // Reading

    static ConsumerEvent decode(Kind kind, RecordReader key, ByteBuffer bytes) {
        String groupId = key.string();
        String name = kind == Kind.GROUP || kind == Kind.TARGET ? null : key.string();
        if (bytes == null) return new Erased(groupId, kind, name);
        short version = bytes.getShort(bytes.position());
        if (version != VERSION) {
            throw new IllegalArgumentException("record value of unknown version " + version);
        }
        RecordReader value = new RecordReader(bytes, true);
        value.int16();
        return switch (kind) {
            case GROUP -> new EpochSet(groupId, value.int32(), taggedInt64(value));
            case MEMBER -> new MemberSet(groupId, member(name, value));
            case TARGET -> new TargetEpochSet(groupId, value.int32(), taggedInt64(value));
            case MEMBER_TARGET -> new TargetSet(groupId, name, assignment(value, -1, new TreeMap<>()));
            case STANDING -> new StandingSet(groupId, name, standing(value));
            case EXPRESSION -> {
                SortedSet<String> topics = topics(value);
                value.int64();
                yield new ExpressionResolved(groupId, name, topics, value.int64());
            }
        };
    }

    private static long taggedInt64(RecordReader value) {
        long number = 0;
        for (int left = value.varint(); left > 0; left--) {
            int tag = value.varint();
            int size = value.varint();
            if (tag == FIRST_TAG) number = value.int64();
            else value.skip(size);
        }
        return number;
    }

    private static SortedSet<String> topics(RecordReader value) {
        SortedSet<String> topics = new TreeSet<>();
        for (int left = value.count(); left > 0; left--) topics.add(value.string());
        return topics;
    }

    private static ConsumerMember member(String memberId, RecordReader value) {
        String instanceId = value.string();
        String rackId = value.string();
        String clientId = value.string();
        String clientHost = value.string();
        SortedSet<String> topics = topics(value);
        String expression = value.string();
        int rebalanceTimeoutMs = value.int32();
        String assignor = value.string();
        ClassicSide classic = null;
        for (int left = value.varint(); left > 0; left--) {
            int tag = value.varint();
            int size = value.varint();
            if (tag == FIRST_TAG) classic = classicSide(value);
            else value.skip(size);
        }
        return new ConsumerMember(memberId, instanceId, rackId, Objects.requireNonNullElse(clientId, ""),
                Objects.requireNonNullElse(clientHost, ""), rebalanceTimeoutMs, topics, expression, assignor,
                classic);
    }

    private static ClassicSide classicSide(RecordReader value) {
        if (value.int8() < 0) return null;
        int sessionTimeoutMs = value.int32();
        List<Protocol> protocols = new ArrayList<>();
        for (int left = value.count(); left > 0; left--) {
            protocols.add(new Protocol(value.string(), value.bytes()));
            value.skipTags();
        }
        value.skipTags();
        return new ClassicSide(sessionTimeoutMs, List.copyOf(protocols));
    }

    private static Standing standing(RecordReader value) {
        int epoch = value.int32();
        int previousEpoch = value.int32();
        MemberPhase phase = MemberPhase.of(value.int8());
        SortedMap<UUID, SortedMap<Integer, Integer>> since = new TreeMap<>();
        Assignment assigned = assignment(value, epoch, since);
        Assignment pending = assignment(value, epoch, since);
        return new Standing(epoch, previousEpoch, phase, assigned, pending, since);
    }

    /** Epochs go to {@code since}; a partition without one was got at {@code epoch}, for all we know. */
    private static Assignment assignment(RecordReader value, int epoch,
            SortedMap<UUID, SortedMap<Integer, Integer>> since) {
        Assignment.Draft draft = new Assignment.Draft();
        for (int topics = value.count(); topics > 0; topics--) {
            UUID topicId = new UUID(value.int64(), value.int64());
            List<Integer> partitions = int32s(value);
            SortedMap<Integer, Integer> ofTopic = since.computeIfAbsent(topicId, id -> new TreeMap<>());
            for (int partition : partitions) {
                draft.add(topicId, partition);
                ofTopic.put(partition, epoch);
            }
            for (int left = value.varint(); left > 0; left--) {
                int tag = value.varint();
                int size = value.varint();
                if (tag != FIRST_TAG) {
                    value.skip(size);
                    continue;
                }
                List<Integer> epochs = int32s(value);
                for (int index = 0; index < Math.min(epochs.size(), partitions.size()); index++) {
                    ofTopic.put(partitions.get(index), epochs.get(index));
                }
            }
        }
        return draft.done();
    }

    private static List<Integer> int32s(RecordReader value) {
        List<Integer> numbers = new ArrayList<>();
        for (int left = value.count(); left > 0; left--) numbers.add(value.int32());
        return numbers;
    }
}
