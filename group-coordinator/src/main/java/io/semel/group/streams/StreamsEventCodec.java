package io.semel.group.streams;

import io.semel.group.base.RecordReader;
import io.semel.group.base.RecordWriter;
import io.semel.group.streams.StreamsEvent.Durable;
import io.semel.group.streams.StreamsEvent.EpochSet;
import io.semel.group.streams.StreamsEvent.Erased;
import io.semel.group.streams.StreamsEvent.Kind;
import io.semel.group.streams.StreamsEvent.MemberSet;
import io.semel.group.streams.StreamsEvent.StandingSet;
import io.semel.group.streams.StreamsEvent.TargetEpochSet;
import io.semel.group.streams.StreamsEvent.TargetSet;
import io.semel.group.streams.StreamsEvent.TopologySet;
import io.semel.group.streams.Topology.Copartition;
import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Setting;
import io.semel.group.streams.Topology.Subtopology;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The StreamsGroup* records of Kafka's {@code __consumer_offsets}: keys 17 and 19 to 23, all values of
 * version 0, with the tagged fields of 4.3. Any thread.
 */
public final class StreamsEventCodec {
    private static final short VERSION = 0;
    private static final int FIRST_TAG = 0;
    private static final int SECOND_TAG = 1;

    /** Null for a kind of record that is not one of these. */
    public static Kind kindOf(short key) {
        for (Kind kind : Kind.values()) if (kind.key() == key) return kind;
        return null;
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    // Writing

    public ByteBuffer key(Durable event) {
        String groupId = event.groupId();
        if (event instanceof EpochSet) return key(Kind.GROUP, groupId, null);
        if (event instanceof TopologySet) return key(Kind.TOPOLOGY, groupId, null);
        if (event instanceof TargetEpochSet) return key(Kind.TARGET, groupId, null);
        if (event instanceof MemberSet set) return key(Kind.MEMBER, groupId, set.member().memberId());
        if (event instanceof TargetSet set) return key(Kind.MEMBER_TARGET, groupId, set.memberId());
        if (event instanceof StandingSet set) return key(Kind.STANDING, groupId, set.memberId());
        Erased erased = (Erased) event;
        return key(erased.kind(), groupId, erased.name());
    }

    private static ByteBuffer key(Kind kind, String groupId, String name) {
        RecordWriter writer = new RecordWriter().int16(kind.key()).string(groupId);
        return (name == null ? writer : writer.string(name)).done();
    }

    /** Null for a tombstone. */
    public ByteBuffer value(Durable event) {
        RecordWriter writer = new RecordWriter().int16(VERSION);
        if (event instanceof EpochSet set) return epoch(writer, set).done();
        if (event instanceof MemberSet set) return member(writer, set.member()).done();
        if (event instanceof TopologySet set) return topology(writer, set.topology()).done();
        if (event instanceof TargetEpochSet set) {
            writer.int32(set.epoch());
            if (set.timestampMs() == 0) return writer.varint(0).done();
            return writer.varint(1).varint(FIRST_TAG).varint(Long.BYTES).int64(set.timestampMs()).done();
        }
        if (event instanceof TargetSet set) return share(writer, set.target(), null).varint(0).done();
        if (event instanceof StandingSet set) {
            TaskStanding standing = set.standing();
            writer.int32(standing.epoch()).int32(standing.previousEpoch()).int8(standing.phase().code());
            share(writer, standing.assigned(), standing);
            return share(writer, standing.pending(), standing).varint(0).done();
        }
        return null;
    }

    private static RecordWriter epoch(RecordWriter writer, EpochSet set) {
        writer.int32(set.epoch()).int64(set.topicsHash());
        boolean validated = set.validatedEpoch() != -1;
        boolean settings = !set.settings().isEmpty();
        writer.varint((validated ? 1 : 0) + (settings ? 1 : 0));
        if (validated) {
            writer.varint(FIRST_TAG).varint(Integer.BYTES).int32(set.validatedEpoch());
        }
        if (!settings) return writer;
        List<Setting> list = new ArrayList<>();
        set.settings().forEach((key, value) -> list.add(new Setting(key, value)));
        ByteBuffer tagged = settings(new RecordWriter(), list).done();
        return writer.varint(SECOND_TAG).varint(tagged.remaining()).raw(tagged);
    }

    private static RecordWriter member(RecordWriter writer, StreamsMember member) {
        writer.compactString(member.instanceId()).compactString(member.rackId())
                .compactString(member.clientId()).compactString(member.clientHost())
                .int32(member.rebalanceTimeoutMs()).int32(member.topologyEpoch())
                .compactString(member.processId());
        if (member.endpoint() == null) writer.int8(-1);
        else writer.int8(1).compactString(member.endpoint().host()).int16(member.endpoint().port()).varint(0);
        return settings(writer, member.tags()).varint(0);
    }

    private static RecordWriter settings(RecordWriter writer, List<Setting> settings) {
        writer.varint(settings.size() + 1);
        for (Setting each : settings) writer.compactString(each.key()).compactString(each.value()).varint(0);
        return writer;
    }

    private static RecordWriter topology(RecordWriter writer, Topology topology) {
        writer.int32(topology.epoch()).varint(topology.subtopologies().size() + 1);
        for (Subtopology each : topology.subtopologies()) {
            writer.compactString(each.id());
            strings(writer, each.sources());
            strings(writer, each.expressions());
            topics(writer, each.changelogs());
            strings(writer, each.repartitionSinks());
            topics(writer, each.repartitionSources());
            writer.varint(each.alike().size() + 1);
            for (Copartition alike : each.alike()) {
                int16s(writer, alike.sources());
                int16s(writer, alike.expressions());
                int16s(writer, alike.repartitionSources());
                writer.varint(0);
            }
            writer.varint(0);
        }
        return writer.varint(0);
    }

    private static void strings(RecordWriter writer, List<String> strings) {
        writer.varint(strings.size() + 1);
        strings.forEach(writer::compactString);
    }

    private static void int16s(RecordWriter writer, List<Short> numbers) {
        writer.varint(numbers.size() + 1);
        for (short number : numbers) writer.int16(number);
    }

    private static void topics(RecordWriter writer, List<InternalTopic> topics) {
        writer.varint(topics.size() + 1);
        for (InternalTopic each : topics) {
            writer.compactString(each.name()).int32(each.partitions()).int16(each.replicationFactor());
            settings(writer, each.configs()).varint(0);
        }
    }

    /** @param standing whose epochs go with the active tasks; null for none */
    private static RecordWriter share(RecordWriter writer, Share share, TaskStanding standing) {
        tasks(writer, share.active(), standing);
        tasks(writer, share.standby(), null);
        return tasks(writer, share.warmup(), null);
    }

    private static RecordWriter tasks(RecordWriter writer, Tasks tasks, TaskStanding standing) {
        SortedMap<String, SortedSet<Integer>> bySubtopology = tasks.bySubtopology();
        writer.varint(bySubtopology.size() + 1);
        bySubtopology.forEach((subtopology, partitions) -> {
            writer.compactString(subtopology).varint(partitions.size() + 1);
            partitions.forEach(writer::int32);
            if (standing == null) {
                writer.varint(0);
                return;
            }
            RecordWriter epochs = new RecordWriter().varint(partitions.size() + 1);
            for (int partition : partitions) {
                epochs.int32(standing.sinceOf(new TaskId(subtopology, partition)));
            }
            ByteBuffer tagged = epochs.done();
            writer.varint(1).varint(FIRST_TAG).varint(tagged.remaining()).raw(tagged);
        });
        return writer;
    }

    // Reading

    public StreamsEvent decode(Kind kind, RecordReader key, ByteBuffer bytes) {
        String groupId = key.string();
        boolean one = kind == Kind.GROUP || kind == Kind.TARGET || kind == Kind.TOPOLOGY;
        String name = one ? null : key.string();
        if (bytes == null) return new Erased(groupId, kind, name);
        RecordReader value = new RecordReader(bytes, true);
        short version = value.int16();
        if (version != VERSION) {
            throw new IllegalArgumentException("record value of unknown version " + version);
        }
        return switch (kind) {
            case GROUP -> epochSet(groupId, value);
            case MEMBER -> new MemberSet(groupId, member(name, value));
            case TARGET -> targetEpochSet(groupId, value);
            case MEMBER_TARGET -> new TargetSet(groupId, name, share(value, -1, new TreeMap<>()));
            case STANDING -> new StandingSet(groupId, name, standing(value));
            case TOPOLOGY -> new TopologySet(groupId, topology(value));
        };
    }

    private static EpochSet epochSet(String groupId, RecordReader value) {
        int epoch = value.int32();
        long hash = value.int64();
        int validatedEpoch = -1;
        SortedMap<String, String> settings = new TreeMap<>();
        for (int left = value.varint(); left > 0; left--) {
            int tag = value.varint();
            int size = value.varint();
            if (tag == FIRST_TAG) validatedEpoch = value.int32();
            else if (tag == SECOND_TAG) {
                for (Setting each : settings(value)) settings.put(each.key(), each.value());
            } else value.skip(size);
        }
        return new EpochSet(groupId, epoch, hash, validatedEpoch, settings);
    }

    private static TargetEpochSet targetEpochSet(String groupId, RecordReader value) {
        int epoch = value.int32();
        long timestampMs = 0;
        for (int left = value.varint(); left > 0; left--) {
            int tag = value.varint();
            int size = value.varint();
            if (tag == FIRST_TAG) timestampMs = value.int64();
            else value.skip(size);
        }
        return new TargetEpochSet(groupId, epoch, timestampMs);
    }

    private static StreamsMember member(String memberId, RecordReader value) {
        String instanceId = value.string();
        String rackId = value.string();
        String clientId = value.string();
        String clientHost = value.string();
        int rebalanceTimeoutMs = value.int32();
        int topologyEpoch = value.int32();
        String processId = value.string();
        Endpoint endpoint = null;
        if (value.int8() >= 0) {
            endpoint = new Endpoint(value.string(), Short.toUnsignedInt(value.int16()));
            value.skipTags();
        }
        return new StreamsMember(memberId, instanceId, rackId, Objects.requireNonNullElse(clientId, ""),
                Objects.requireNonNullElse(clientHost, ""), rebalanceTimeoutMs, topologyEpoch,
                Objects.requireNonNullElse(processId, ""), endpoint, settings(value));
    }

    private static List<Setting> settings(RecordReader value) {
        List<Setting> settings = new ArrayList<>();
        for (int left = value.count(); left > 0; left--) {
            settings.add(new Setting(value.string(), value.string()));
            value.skipTags();
        }
        return List.copyOf(settings);
    }

    private static Topology topology(RecordReader value) {
        int epoch = value.int32();
        List<Subtopology> subtopologies = new ArrayList<>();
        for (int left = value.count(); left > 0; left--) {
            String id = value.string();
            List<String> sources = strings(value);
            List<String> expressions = strings(value);
            List<InternalTopic> changelogs = topics(value);
            List<String> sinks = strings(value);
            List<InternalTopic> repartitionSources = topics(value);
            List<Copartition> alike = new ArrayList<>();
            for (int groups = value.count(); groups > 0; groups--) {
                alike.add(new Copartition(int16s(value), int16s(value), int16s(value)));
                value.skipTags();
            }
            value.skipTags();
            subtopologies.add(new Subtopology(id, sources, expressions, changelogs, sinks, repartitionSources,
                    List.copyOf(alike)));
        }
        return new Topology(epoch, subtopologies);
    }

    private static List<String> strings(RecordReader value) {
        List<String> strings = new ArrayList<>();
        for (int left = value.count(); left > 0; left--) strings.add(value.string());
        return List.copyOf(strings);
    }

    private static List<Short> int16s(RecordReader value) {
        List<Short> numbers = new ArrayList<>();
        for (int left = value.count(); left > 0; left--) numbers.add(value.int16());
        return List.copyOf(numbers);
    }

    private static List<InternalTopic> topics(RecordReader value) {
        List<InternalTopic> topics = new ArrayList<>();
        for (int left = value.count(); left > 0; left--) {
            topics.add(new InternalTopic(value.string(), value.int32(), value.int16(), settings(value)));
            value.skipTags();
        }
        return List.copyOf(topics);
    }

    private static TaskStanding standing(RecordReader value) {
        int epoch = value.int32();
        int previousEpoch = value.int32();
        TaskPhase phase = TaskPhase.of(value.int8());
        SortedMap<TaskId, Integer> since = new TreeMap<>();
        Share assigned = share(value, epoch, since);
        Share pending = share(value, epoch, since);
        return new TaskStanding(epoch, previousEpoch, phase, assigned, pending, since);
    }

    /** An active task without an epoch was got at {@code epoch}, for all we know. */
    private static Share share(RecordReader value, int epoch, SortedMap<TaskId, Integer> since) {
        Tasks active = tasks(value, epoch, since);
        return new Share(active, tasks(value, epoch, new TreeMap<>()), tasks(value, epoch, new TreeMap<>()));
    }

    private static Tasks tasks(RecordReader value, int epoch, SortedMap<TaskId, Integer> since) {
        SortedSet<TaskId> tasks = new TreeSet<>();
        for (int subtopologies = value.count(); subtopologies > 0; subtopologies--) {
            String subtopology = value.string();
            List<TaskId> ids = new ArrayList<>();
            for (int left = value.count(); left > 0; left--) ids.add(new TaskId(subtopology, value.int32()));
            tasks.addAll(ids);
            for (TaskId id : ids) since.put(id, epoch);
            for (int left = value.varint(); left > 0; left--) {
                int tag = value.varint();
                int size = value.varint();
                if (tag != FIRST_TAG) {
                    value.skip(size);
                    continue;
                }
                int count = value.count();
                for (int index = 0; index < count; index++) {
                    int told = value.int32();
                    if (index < ids.size()) since.put(ids.get(index), told);
                }
            }
        }
        return Tasks.of(tasks);
    }
}
