package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

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
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupCurrentMemberAssignmentValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupRegularExpressionValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.junit.jupiter.api.Test;

/** The records of KIP-848 groups against Apache Kafka's own reader and writer, both ways. */
class ConsumerEventCodecTest {
    private static final BatchHeader PLAIN = RecordJournal.header(-1, (short) -1);
    private static final UUID TOPIC = new UUID(0x1234, -5);
    private static final Assignment SOME = new Assignment.Draft().add(TOPIC, 0).add(TOPIC, 7)
            .add(new UUID(9, 9), 2).done();

    private final GroupEventCodec codec = new GroupEventCodec();
    private final GroupCoordinatorRecordSerde kafka = new GroupCoordinatorRecordSerde();

    private static List<Durable> everyEvent() {
        ConsumerMember plain = new ConsumerMember("m", null, null, "client", "/host", 300_000,
                new TreeSet<>(List.of("flüge", "b")), null, null, null);
        ConsumerMember whole = new ConsumerMember("m2", "instance", "rack", "client", "/host", 1,
                new TreeSet<>(), "fl.*", "range", null);
        ConsumerMember classic = new ConsumerMember("m3", null, null, "", "", 5, new TreeSet<>(List.of("b")),
                null, null, new ClassicSide(10_000, List.of(new Protocol("range", new byte[] {1, 2}),
                new Protocol("sticky", new byte[0]))));
        Standing holds = Standing.NEW.next(3, MemberPhase.UNRELEASED_PARTITIONS, SOME, Assignment.NONE);
        Standing owes = holds.next(5, MemberPhase.UNREVOKED_PARTITIONS,
                SOME.only((topic, partition) -> partition != 7),
                SOME.only((topic, partition) -> partition == 7));
        return List.of(new EpochSet("g", 5, 0), new EpochSet("g", 6, -77), new MemberSet("g", plain),
                new MemberSet("g", whole), new MemberSet("g", classic), new TargetEpochSet("g", 6, 0),
                new TargetEpochSet("g", 6, 1_700_000_000_000L), new TargetSet("g", "m", SOME),
                new TargetSet("g", "m", Assignment.NONE), new StandingSet("g", "m", holds),
                new StandingSet("g", "m", owes), new StandingSet("g", "m", owes.leftForNow()),
                new ExpressionResolved("g", "fl.*", new TreeSet<>(List.of("flüge", "flap")), 123),
                new Erased("g", Kind.GROUP, null), new Erased("g", Kind.MEMBER, "m"),
                new Erased("g", Kind.TARGET, null), new Erased("g", Kind.MEMBER_TARGET, "m"),
                new Erased("g", Kind.STANDING, "m"), new Erased("g", Kind.EXPRESSION, "fl.*"));
    }

    @Test
    void readsBackWhatItWrote() {
        for (Durable event : everyEvent()) {
            assertEquals(event, codec.decode(PLAIN, codec.key(event), codec.value(event)));
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
        List<Object> values = everyEvent().stream().map(event -> {
            CoordinatorRecord record = kafka.deserialize(codec.key(event), codec.value(event));
            return record.value() == null ? (Object) "tombstone" : record.value().message();
        }).toList();

        assertEquals(-77, ((ConsumerGroupMetadataValue) values.get(1)).metadataHash());
        ConsumerGroupMemberMetadataValue classic = (ConsumerGroupMemberMetadataValue) values.get(4);
        assertEquals(10_000, classic.classicMemberMetadata().sessionTimeoutMs());
        assertEquals("sticky", classic.classicMemberMetadata().supportedProtocols().get(1).name());
        ConsumerGroupMemberMetadataValue whole = (ConsumerGroupMemberMetadataValue) values.get(3);
        assertEquals("fl.*", whole.subscribedTopicRegex());
        assertEquals("instance", whole.instanceId());
        assertEquals(1_700_000_000_000L,
                ((ConsumerGroupTargetAssignmentMetadataValue) values.get(6)).assignmentTimestamp());
        ConsumerGroupCurrentMemberAssignmentValue owes =
                (ConsumerGroupCurrentMemberAssignmentValue) values.get(10);
        assertEquals(5, owes.memberEpoch());
        assertEquals(3, owes.previousMemberEpoch());
        assertEquals(List.of(3), owes.partitionsPendingRevocation().get(0).assignmentEpochs());
        assertEquals(List.of("flap", "flüge"),
                ((ConsumerGroupRegularExpressionValue) values.get(12)).topics());
    }

    @Test
    void takesThePartitionsOfAnOlderKafkaForOnesOfTheMembersEpoch() {
        ConsumerGroupCurrentMemberAssignmentValue value = new ConsumerGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(8).setPreviousMemberEpoch(7).setState((byte) 1)
                .setAssignedPartitions(List.of(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                        .setTopicId(new org.apache.kafka.common.Uuid(1, 2)).setPartitions(List.of(4))))
                .setPartitionsPendingRevocation(List.of());
        byte[] bytes = org.apache.kafka.common.protocol.MessageUtil
                .toVersionPrefixedBytes((short) 0, value);

        StandingSet read = (StandingSet) codec.decode(PLAIN,
                codec.key(new Erased("g", Kind.STANDING, "m")), ByteBuffer.wrap(bytes));

        assertEquals(8, read.standing().sinceOf(new UUID(1, 2), 4));
        assertEquals(new TreeMap<>(read.standing().since()).keySet(),
                read.standing().assigned().partitions().keySet());
    }
}
