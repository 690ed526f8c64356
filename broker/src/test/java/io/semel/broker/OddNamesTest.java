package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ByteUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that must lead nowhere: no file comes into being by them, whichever door they come through. */
class OddNamesTest {
    private static final String LONGEST = "l".repeat(249);

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "/x", "x/../../y", "x\\y", "x y", "x\u0000", "th\u00eame",
        "\ud83d\ude80", "\ufffd", "x:y", "__semel_catalogue", "250"})
    void aTopicOfSuchANameIsRefusedAndLeavesNoFile(String named) {
        String name = named.equals("250") ? LONGEST + "l" : named;
        SimBroker sim = SimBroker.start(1);
        SimVerbs verbs = new SimVerbs(sim);
        verbs.createTopic("t");

        CreateTopicsResponseData made = verbs.client.ask(ApiKeys.CREATE_TOPICS, 7,
                SimVerbs.creation(name, 1, Map.of()));
        MetadataResponseData found = verbs.client.ask(ApiKeys.METADATA, 9, new MetadataRequestData()
                .setAllowAutoTopicCreation(true)
                .setTopics(List.of(new MetadataRequestTopic().setName(name))));
        Errors written = verbs.errorOfProduce(name, 0, SimVerbs.batch("a"));

        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, Errors.forCode(made.topics().find(name).errorCode()));
        assertEquals(Errors.INVALID_TOPIC_EXCEPTION, Errors.forCode(found.topics().find(name).errorCode()));
        assertFalse(written == Errors.NONE, "a record was taken");
        assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, SimVerbs.batch("a")));
        TreeSet<String> places = new TreeSet<>();
        for (String file : sim.world().simDisk().files()) places.add(file.replaceFirst("/[^/]*$", ""));
        places.removeAll(List.of(".semel-reserve", "log-start-offset-checkpoint",
                "recovery-point-offset-checkpoint"));
        assertEquals(new TreeSet<>(List.of("__semel_catalogue-0", "t-0")), places);
    }

    @Test
    void aTopicOfTheLongestNameThereIsIsServed() {
        SimVerbs verbs = new SimVerbs(SimBroker.start(1));
        verbs.createTopic(LONGEST);

        assertEquals(Errors.NONE, verbs.errorOfProduce(LONGEST, 0, SimVerbs.batch("a")));
    }

    @Test
    void aGroupWithoutANameIsInvalid() {
        SimVerbs verbs = new SimVerbs(SimBroker.start(1));
        JoinGroupResponseData joined = verbs.client.ask(ApiKeys.JOIN_GROUP, 9, new JoinGroupRequestData()
                .setGroupId("").setSessionTimeoutMs(10_000).setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer"));
        HeartbeatResponseData beaten = verbs.client.ask(ApiKeys.HEARTBEAT, 4, new HeartbeatRequestData()
                .setGroupId("").setMemberId("m"));

        assertEquals(Errors.INVALID_GROUP_ID, Errors.forCode(joined.errorCode()));
        assertEquals(Errors.INVALID_GROUP_ID, Errors.forCode(beaten.errorCode()));
    }

    /** A text of the protocol has 32,767 bytes at most; what claims more is no request. */
    @Test
    void aGroupIdOfAMebibyteIsNoRequest() {
        FuzzedBroker broker = new FuzzedBroker(1);
        int size = 1 << 20;
        ByteBuffer frame = ByteBuffer.allocate(size + 100).putShort(ApiKeys.OFFSET_COMMIT.id)
                .putShort((short) 8).putInt(1).putShort((short) -1).put((byte) 0);
        ByteUtils.writeUnsignedVarint(size + 1, frame);
        for (int count = 0; count < size; count++) frame.put((byte) 'g');
        // generation, member, instance, no topics, no tags
        frame.putInt(-1).put((byte) 1).put((byte) 0).put((byte) 1).put((byte) 0);

        broker.suffer(List.of(Arrays.copyOf(frame.array(), frame.position())));

        assertEquals(0, broker.requests());
        assertEquals("OffsetCommit string field groupId had invalid length #", broker.outcome());
        broker.end();
    }
}
