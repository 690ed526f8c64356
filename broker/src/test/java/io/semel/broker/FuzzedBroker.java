package io.semel.broker;

import com.sun.management.ThreadMXBean;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.net.Peer;
import io.semel.broker.net.ReplyPort;
import io.semel.broker.net.Session;
import io.semel.sim.Survival;
import io.semel.wire.message.Reply;
import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.RequestFrame;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * A broker in the simulated world that is sent what nobody should send, while a witness writes on a
 * connection of its own; every broken promise is an {@link AssertionError}. One thread.
 */
final class FuzzedBroker {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long CPU_MAX_NANOS = 1_000_000_000L;
    /** For a connection's frames and the witness's record: some make topics of many partitions. */
    private static final long ALLOCATED_MAX = 32L << 20;
    private static final Pattern ERRORS = Pattern.compile("(?<=rrorCode=)-?\\d+");
    private static final String KEPT = "kept-by-the-witness";
    private static final int WAITING_STEPS = 2_000;

    private final SimBroker sim;
    private final FuzzSeeds seeds;
    private final List<String> acknowledged = new ArrayList<>();
    private SimVerbs witness;
    private long connections = 1 << 20;
    private int requests;
    private long allocatedMost;
    private long cpuMostNanos;
    private String outcome;

    FuzzedBroker(long seed) {
        // few, so that what a frame costs is not what a description of 20,000 partitions costs
        this.sim = SimBroker.start(seed, BrokerConfig.defaults("127.0.0.1", 9092).withInternalPartitions(4)
                .with(Map.of("semel.partitions.max", "500")));
        this.witness = new SimVerbs(sim);
        Uuid id = witness.createTopic("t", 2, Map.of());
        witness.createTopic(KEPT, 1, Map.of("retention.ms", "-1", "cleanup.policy", "delete"));
        SimVerbs client = new SimVerbs(sim);
        SimVerbs.Pid pid = client.initProducer("x0", 60_000);
        client.enlist("x0", pid, "t", 0);
        JoinGroupRequestData join = new JoinGroupRequestData().setGroupId("g").setProtocolType("consumer")
                .setSessionTimeoutMs(10_000).setRebalanceTimeoutMs(10_000);
        join.protocols().add(new JoinGroupRequestProtocol().setName("p").setMetadata(new byte[] {1}));
        JoinGroupResponseData joined = client.client.ask(ApiKeys.JOIN_GROUP, 3, join);
        ConsumerGroupHeartbeatResponseData modern = client.client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1,
                new ConsumerGroupHeartbeatRequestData().setGroupId("modern").setMemberId("m")
                        .setRebalanceTimeoutMs(10_000).setSubscribedTopicNames(List.of("t"))
                        .setTopicPartitions(List.of()));
        this.seeds = new FuzzSeeds(witness.client.ask(ApiKeys.API_VERSIONS, 4, new ApiVersionsRequestData()
                .setClientSoftwareName("sim").setClientSoftwareVersion("1")), new HonestRequests.Who(id, pid,
                        joined.memberId(), joined.generationId(), "m", modern.memberEpoch()));
    }

    FuzzSeeds seeds() {
        return seeds;
    }

    /** How many of the frames could be read. */
    int requests() {
        return requests;
    }

    /** What became of the last frame, in words that frames have in common to which the same happened. */
    String outcome() {
        return outcome;
    }

    /** Bytes that the costliest connection made it allocate. */
    long allocatedMost() {
        return allocatedMost;
    }

    /** Time of the processor for the costliest connection. */
    long cpuMostNanos() {
        return cpuMostNanos;
    }

    /** Sends the frames on a connection of their own, and lets the witness write a record afterwards. */
    void suffer(List<byte[]> frames) {
        long cpuBefore = THREAD.getCurrentThreadCpuTime();
        long bytesBefore = THREAD.getCurrentThreadAllocatedBytes();
        Sender sender = new Sender();
        sender.send(frames);
        sender.session.closed();
        writeOne();
        cpuMostNanos = Math.max(cpuMostNanos, THREAD.getCurrentThreadCpuTime() - cpuBefore);
        allocatedMost = Math.max(allocatedMost, THREAD.getCurrentThreadAllocatedBytes() - bytesBefore);
        if (cpuMostNanos > CPU_MAX_NANOS) throw new AssertionError("took " + cpuMostNanos + " ns");
        if (allocatedMost > ALLOCATED_MAX) throw new AssertionError("allocated " + allocatedMost + " bytes");
    }

    private void writeOne() {
        String value = "record " + acknowledged.size();
        Errors error = witness.errorOfProduce(KEPT, 0, SimVerbs.batch(value));
        if (error != Errors.NONE) throw new AssertionError("the witness was told " + error);
        acknowledged.add(value);
    }

    /** The power goes, the next life folds all that was written, and nothing the witness wrote is lost. */
    void end() {
        assertKept();
        sim.reboot(Survival.POWER_CUT);
        witness = new SimVerbs(sim);
        assertKept();
        writeOne();
    }

    private void assertKept() {
        List<String> values = SimVerbs.values(witness.fetch(KEPT, 0));
        if (!values.equals(acknowledged)) {
            throw new AssertionError("acknowledged " + acknowledged + ", read " + values);
        }
    }

    /** Waits for bytes or for other members, or wants no acknowledgement. */
    private static boolean maySaySilent(RequestFrame decoded) {
        return decoded instanceof RequestFrame.Request request && (isWithoutAcks(request)
                || request.apiKey() == ApiKeys.FETCH.id || request.apiKey() == ApiKeys.JOIN_GROUP.id
                || request.apiKey() == ApiKeys.SYNC_GROUP.id);
    }

    private static boolean isWithoutAcks(RequestFrame.Request request) {
        return request.body() instanceof ProduceRequestData produce && produce.acks() == 0;
    }

    /** Whether it has to be answered, which is to say: must not be hung up on. */
    private static boolean isOwedAnAnswer(RequestFrame decoded) {
        if (decoded instanceof RequestFrame.Request request) return !isWithoutAcks(request);
        return decoded instanceof RequestFrame.Unsupported other && other.apiKey() == ApiKeys.API_VERSIONS.id;
    }

    /** One connection; answers come in the order of the frames. */
    private final class Sender implements ReplyPort {
        private final List<RequestFrame> owed = new ArrayList<>();
        private final Session session;
        private int answers;
        private boolean hungUp;
        private boolean mustBeHungUpOn;
        private RuntimeException wrong;

        Sender() {
            Peer peer = new Peer("10.0.0.2", 2048, connections, (int) connections++);
            this.session = sim.broker().door().open(peer, this);
        }

        void send(List<byte[]> frames) {
            boolean mayBeHungUpOn = false;
            boolean mayWait = false;
            for (byte[] frame : frames) {
                RequestFrame decoded = RequestFrame.decode(ByteBuffer.wrap(frame.clone()), seeds.table());
                if (decoded instanceof RequestFrame.Request) requests++;
                outcome = decoded instanceof RequestFrame.Request request
                        ? "silence to " + ApiKeys.forId(request.apiKey()) : "an unknown version";
                mayWait |= maySaySilent(decoded);
                if (decoded instanceof RequestFrame.Malformed malformed) outcome = malformed.reason()
                        .replaceAll("version \\d+: ", "").replaceAll("-?\\d+", "#");
                if (isOwedAnAnswer(decoded)) owed.add(decoded);
                else if (decoded instanceof RequestFrame.Request) mayBeHungUpOn = true;
                else mustBeHungUpOn = true;
                if (!hungUp) session.receive(ByteBuffer.wrap(frame.clone()), () -> { });
            }
            if (mayWait) sim.run.until(this::isOver, WAITING_STEPS);
            else sim.until(this::isOver, "a reaction to " + frames.size() + " frames, owed: " + owed);
            if (mustBeHungUpOn && !hungUp) throw new AssertionError("not hung up on, owed: " + owed);
            if (wrong != null) throw new AssertionError("not the answer: " + wrong.getMessage(), wrong);
            if (hungUp && !mayBeHungUpOn && !mustBeHungUpOn) throw new AssertionError("hung up on " + owed);
        }

        private boolean isOver() {
            return hungUp || wrong != null || !mustBeHungUpOn && answers == owed.size();
        }

        @Override
        public void send(Reply reply) {
            ByteBuffer frame = reply.materialise().position(Integer.BYTES).slice();
            reply.release();
            try {
                read(frame);
            } catch (RuntimeException unreadable) {
                wrong = unreadable;
            }
        }

        private void read(ByteBuffer frame) {
            int correlationId = frame.getInt(0);
            if (answers == owed.size()) throw new IllegalStateException("nobody asked for it: " + frame);
            RequestFrame asked = owed.get(answers++);
            int expected;
            if (asked instanceof RequestFrame.Request request) {
                expected = request.correlationId();
                Object body = ReplyFrame.decode(request.apiKey(), request.apiVersion(), frame).body();
                outcome = body.getClass().getSimpleName() + ERRORS.matcher(body.toString()).results()
                        .map(MatchResult::group).distinct().sorted().toList();
            } else {
                expected = ((RequestFrame.Unsupported) asked).correlationId();
                ReplyFrame.decode(ApiKeys.API_VERSIONS.id, (short) 0, frame);
            }
            if (correlationId != expected) throw new IllegalStateException(correlationId + " for " + asked);
        }

        @Override
        public void close() {
            hungUp = true;
        }

        @Override
        public void pauseReading(boolean paused) {
            // a few frames only
        }
    }
}
