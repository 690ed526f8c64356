package io.semel.group.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.semel.group.base.RecordReader;
import io.semel.group.streams.StreamsEvent.Durable;
import io.semel.group.streams.StreamsEvent.EpochSet;
import io.semel.group.streams.StreamsEvent.Erased;
import io.semel.group.streams.StreamsEvent.Kind;
import io.semel.group.streams.StreamsEvent.MemberSet;
import io.semel.group.streams.StreamsEvent.StandingSet;
import io.semel.group.streams.StreamsEvent.TargetEpochSet;
import io.semel.group.streams.StreamsEvent.TargetSet;
import io.semel.group.streams.StreamsEvent.TopologySet;
import io.semel.group.streams.Topology.Setting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.StreamsGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.StreamsGroupTopologyValue;
import org.junit.jupiter.api.Test;

/** The records of streams groups against Apache Kafka's own reader and writer, both ways. */
class StreamsEventCodecTest {
    private static final Tasks SOME = Tasks.of(List.of(new TaskId("0", 0), new TaskId("0", 7),
            new TaskId("1", 2)));

    private final StreamsEventCodec codec = new StreamsEventCodec();
    private final GroupCoordinatorRecordSerde kafka = new GroupCoordinatorRecordSerde();

    private static List<Durable> everyEvent() {
        StreamsMember plain = new StreamsMember("m", null, null, "client", "/host", 300_000, 0, "process",
                null, List.of());
        StreamsMember whole = new StreamsMember("m2", "instance", "rack", "flüge", "/host", 1, 3, "process",
                new Endpoint("10.0.0.1", 65_535), List.of(new Setting("zone", "a"), new Setting("b", "c")));
        TaskStanding holds = TaskStanding.NEW.next(3, TaskPhase.UNRELEASED_TASKS,
                new Share(SOME, Tasks.of(List.of(new TaskId("1", 9))), Tasks.NONE), Share.NONE);
        TaskStanding owes = holds.next(5, TaskPhase.UNREVOKED_TASKS, new Share(SOME.only(task ->
                task.partition() != 7), Tasks.NONE, Tasks.NONE), new Share(SOME.only(task ->
                task.partition() == 7), Tasks.of(List.of(new TaskId("1", 9))), Tasks.NONE));
        Topology joining = new Topology(2, List.of(Topologies.splits(),
                Topologies.joins("1", "people", Topologies.topic("app-words", 4, new Setting("a", "b")))));
        return List.of(new EpochSet("g", 5, 0, -1, new TreeMap<>()),
                new EpochSet("g", 6, -77, 2, StreamsUpdate.settingsOf(StreamsLimits.defaults())),
                new MemberSet("g", plain), new MemberSet("g", whole), new TopologySet("g", joining),
                new TopologySet("g", Topologies.wordCount()), new TargetEpochSet("g", 6, 0),
                new TargetEpochSet("g", 6, 1_700_000_000_000L),
                new TargetSet("g", "m", new Share(SOME, SOME, Tasks.NONE)),
                new TargetSet("g", "m", Share.NONE), new StandingSet("g", "m", holds),
                new StandingSet("g", "m", owes), new Erased("g", Kind.GROUP, null),
                new Erased("g", Kind.MEMBER, "m"), new Erased("g", Kind.TARGET, null),
                new Erased("g", Kind.MEMBER_TARGET, "m"), new Erased("g", Kind.STANDING, "m"),
                new Erased("g", Kind.TOPOLOGY, null));
    }

    @Test
    void readsBackWhatItWrote() {
        for (Durable event : everyEvent()) {
            RecordReader key = new RecordReader(codec.key(event), false);
            Kind kind = StreamsEventCodec.kindOf(key.int16());
            assertEquals(event, codec.decode(kind, key, codec.value(event)));
        }
    }

    /** Kafka reads each record and writes it again to the same bytes. */
    @Test
    void writesWhatKafkaWouldWrite() {
        for (Durable event : everyEvent()) {
            ByteBuffer value = codec.value(event);
            CoordinatorRecord record = kafka.deserialize(codec.key(event), value);

            assertEquals(codec.key(event), ByteBuffer.wrap(kafka.serializeKey(record)), event.toString());
            if (value == null) assertNull(record.value());
            else assertEquals(codec.value(event), ByteBuffer.wrap(kafka.serializeValue(record)),
                    event.toString());
        }
    }

    @Test
    void meansWhatKafkaMeans() {
        List<Object> values = new ArrayList<>();
        for (Durable event : everyEvent()) {
            CoordinatorRecord record = kafka.deserialize(codec.key(event), codec.value(event));
            values.add(record.value() == null ? "tombstone" : record.value().message());
        }

        StreamsGroupMetadataValue epoch = (StreamsGroupMetadataValue) values.get(1);
        assertEquals(2, epoch.validatedTopologyEpoch());
        assertEquals("num.standby.replicas", epoch.lastAssignmentConfigs().get(0).key());
        StreamsGroupMemberMetadataValue whole = (StreamsGroupMemberMetadataValue) values.get(3);
        assertEquals(65_535, whole.userEndpoint().port());
        assertEquals("zone", whole.clientTags().get(0).key());
        StreamsGroupTopologyValue joining = (StreamsGroupTopologyValue) values.get(4);
        assertEquals(List.of((short) 0),
                joining.subtopologies().get(1).copartitionGroups().get(0).repartitionSourceTopics());
        assertEquals(4, joining.subtopologies().get(1).repartitionSourceTopics().get(0).partitions());
        StreamsGroupCurrentMemberAssignmentValue owes =
                (StreamsGroupCurrentMemberAssignmentValue) values.get(11);
        assertEquals(List.of(3), owes.activeTasksPendingRevocation().get(0).assignmentEpochs());
        assertEquals("1", owes.standbyTasksPendingRevocation().get(0).subtopologyId());
    }
}
