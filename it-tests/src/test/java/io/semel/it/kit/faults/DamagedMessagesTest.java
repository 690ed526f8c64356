package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.io.EOFException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * What the proxy reads of clients and of anybody's broker, damaged: it passes, or is refused by an exception
 * that costs its connection, and never by an error, much memory or much time. {@code -Dsemel.seed=N}.
 */
class DamagedMessagesTest {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int COUNT = 4_000 * Integer.getInteger("semel.scale", 1);
    private static final int UNDAMAGED = 50;
    private static final Messages MESSAGES = new Messages((host, port) -> port, (short) 1);

    private interface Reading {
        void read(byte[] frame) throws EOFException;
    }

    private record Reply(ApiKeys api, short version, ApiMessage body) { }

    private int passed;
    private int refusals;

    private static List<Reply> replies() {
        MetadataResponseData metadata = new MetadataResponseData();
        metadata.brokers().add(new MetadataResponseBroker().setNodeId(1).setHost("h").setPort(9092));
        metadata.topics().add(new MetadataResponseTopic().setName("t"));
        DescribeClusterResponseData cluster = new DescribeClusterResponseData().setClusterId("c");
        cluster.brokers().add(new DescribeClusterBroker().setBrokerId(1).setHost("h").setPort(9092));
        ApiVersionsResponseData versions = new ApiVersionsResponseData();
        for (short key = 0; key < 30; key++) {
            versions.apiKeys().add(new ApiVersion().setApiKey(key).setMaxVersion((short) 99));
        }
        return List.of(new Reply(ApiKeys.METADATA, (short) 12, metadata),
                new Reply(ApiKeys.METADATA, (short) 1, metadata),
                new Reply(ApiKeys.DESCRIBE_CLUSTER, (short) 1, cluster),
                new Reply(ApiKeys.FIND_COORDINATOR, (short) 4, new FindCoordinatorResponseData()
                        .setCoordinators(List.of(new Coordinator().setKey("k").setHost("h").setPort(1)))),
                new Reply(ApiKeys.FIND_COORDINATOR, (short) 1, new FindCoordinatorResponseData().setHost("h")
                        .setPort(9092)),
                new Reply(ApiKeys.API_VERSIONS, (short) 3, versions),
                new Reply(ApiKeys.API_VERSIONS, (short) 0, versions));
    }

    @Test
    void damagedRepliesOfABrokerPassOrCostTheirConnection() throws EOFException {
        List<Reply> replies = replies();
        each(random -> {
            Reply one = replies.get(random.nextInt(replies.size()));
            return bytes(ReplyFrame.encode(7, one.api.id, one.version, one.body).materialise());
        }, (number, frame) -> {
            Reply one = replies.get(new Random(number).nextInt(replies.size()));
            MESSAGES.forClient(new Request(one.api, one.version, 7, "me", 1, new byte[0]), frame);
        });
        assertBothHappen();
    }

    @Test
    void damagedRequestsOfAClientPassOrCostTheirConnection() throws EOFException {
        ProduceRequestData body = new ProduceRequestData().setTransactionalId("x").setAcks((short) -1);
        each(random -> bytes(RequestFrame.encode(ApiKeys.PRODUCE.id, (short) (3 + random.nextInt(10)), 7,
                "me", body)), (number, frame) -> {
            Request request = Request.parse(frame);
            Messages.isUnanswered(request);
            Messages.refusal(request, Errors.NOT_LEADER_OR_FOLLOWER);
        });
        assertBothHappen();
    }

    private void assertBothHappen() {
        if (Long.getLong("semel.seed") != null) return;
        assertTrue(passed > COUNT / 100 && refusals > COUNT / 100, passed + " passed, " + refusals
                + " refused");
    }

    private interface Source {
        byte[] draw(Random random);
    }

    private interface NumberedReading {
        void read(long number, byte[] frame) throws EOFException;
    }

    /** Undamaged they pass, which also loads the classes; then damaged. */
    private void each(Source source, NumberedReading reading) throws EOFException {
        for (long number = 1; number <= UNDAMAGED; number++) {
            reading.read(number, source.draw(new Random(number)));
        }
        Long only = Long.getLong("semel.seed");
        long last = only == null ? COUNT : only;
        for (long number = only == null ? 1 : only; number <= last; number++) {
            Random random = new Random(number);
            byte[] frame = damaged(random, source.draw(random));
            String told = "seed " + number + ": " + HexFormat.of().formatHex(frame);
            long seed = number;
            try {
                bounded(told, frame, bytes -> reading.read(seed, bytes));
            } catch (StackOverflowError | OutOfMemoryError wrong) {
                throw new AssertionError(told, wrong);
            }
        }
    }

    private void bounded(String told, byte[] frame, Reading reading) {
        long bytesBefore = THREAD.getCurrentThreadAllocatedBytes();
        long cpuBefore = THREAD.getCurrentThreadCpuTime();
        try {
            reading.read(frame);
            passed++;
        } catch (EOFException | RuntimeException refused) {
            refusals++;
        }
        long allocated = THREAD.getCurrentThreadAllocatedBytes() - bytesBefore;
        // 2 MiB: what is thrown first loads its classes
        assertTrue(allocated < 200L * frame.length + (2 << 20), told + " allocated " + allocated);
        assertTrue(THREAD.getCurrentThreadCpuTime() - cpuBefore < 1_000_000_000L, told);
    }

    private static byte[] damaged(Random random, byte[] frame) {
        byte[] mutant = frame.clone();
        for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutant[at] = (byte) (random.nextBoolean() ? -1 : 0x80);
                case 2 -> ByteBuffer.wrap(mutant).putInt(Math.min(at, mutant.length - 4), Integer.MAX_VALUE);
                default -> mutant[at] = (byte) random.nextInt();
            }
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(mutant, random.nextInt(mutant.length)) : mutant;
    }

    private static byte[] bytes(ByteBuffer sized) {
        byte[] frame = new byte[sized.remaining() - Integer.BYTES];
        sized.get(sized.position() + Integer.BYTES, frame);
        return frame;
    }
}
