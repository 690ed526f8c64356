package io.semel.it.crowd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.it.client.BrokerProcess;
import io.semel.it.client.EngineUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Members join, leave and die, half of the groups in each protocol: every partition has one reader at a time,
 * no acknowledged commit is lost, and the groups form anew about as often as their members change. At scale 1
 * 60 members in 6 groups for 6 seconds; from scale 10 on 1,000 members in 100 groups for a minute.
 */
class CrowdTest {
    static final boolean WHOLE = Integer.getInteger("semel.scale", 1) >= 10;
    private static final int GROUPS = WHOLE ? 100 : 6;
    private static final int CHURN_MS = WHOLE ? 60_000 : 6_000;
    private static final int IDLE = WHOLE ? 5_000 : 500;
    private static final int MEMBERS_A_GROUP = 10;
    private static final int PARTITIONS = 12;
    private static final int THREADS = 4;
    /** Whoever left or died is back by then. */
    private static final int COMEBACK_MS = 4_000;
    private static final String TOPIC = "crowded";

    private Path directory;
    private BrokerProcess broker;
    private Uuid topicId;

    @BeforeEach
    void start() throws Exception {
        directory = Files.createTempDirectory("semel-crowd");
        broker = BrokerProcess.start(directory, "--set",
                "group.consumer.session.timeout.ms=" + CrowdMember.SESSION_MS);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            topicId = admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).topicId(TOPIC)
                    .get();
        }
    }

    @AfterEach
    void stop() {
        broker.close();
        EngineUnderTest.delete(directory);
    }

    @Test
    void aCrowdKeepsOneReaderPerPartitionAndEveryCommit() throws Exception {
        assumeTrue(WHOLE, "the one below does as much, and more");
        crowd(0);
    }

    @Test
    void aCrowdOutlivesABrokerThatIsKilledInTheMiddle() throws Exception {
        crowd(WHOLE ? 4 : 2);
    }

    private void crowd(int kills) throws Exception {
        Witness witness = new Witness(CHURN_MS / 2);
        List<List<CrowdMember>> shares = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) shares.add(new ArrayList<>());
        Random seeds = new Random(7);
        for (int index = 0; index < GROUPS * MEMBERS_A_GROUP; index++) {
            String group = "crowd-" + index % GROUPS;
            Random random = new Random(seeds.nextLong());
            shares.get(index % THREADS).add(index % GROUPS % 2 == 0
                    ? new ModernMember(broker.bootstrap(), group, TOPIC, topicId, witness, random)
                    : new ClassicMember(broker.bootstrap(), group, TOPIC, PARTITIONS, witness, random));
        }
        long rssBefore = rssKb();
        long startMs = System.nanoTime() / 1_000_000;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = shares.stream().map(share -> new Thread(() ->
                live(share, witness, startMs, failure))).toList();
        threads.forEach(Thread::start);
        for (int kill = 1; kill <= kills; kill++) {
            long untilMs = startMs + (long) CHURN_MS * kill / (kills + 1);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(untilMs - System.nanoTime() / 1_000_000));
            broker.killAndRestart();
        }
        for (Thread thread : threads) thread.join();

        System.out.printf("crowd: %d members in %d groups, %d s of churn, %d kills: %d joins, %d leaves, "
                + "%d deaths, %d rebalances, %d partitions taken, %d commits, %d heartbeats, "
                + "%d taken from late members; RSS %d MB before, %d after%n",
                GROUPS * MEMBERS_A_GROUP, GROUPS, CHURN_MS / 1000, kills, witness.joins.get(),
                witness.leaves.get(), witness.crashes.get(), witness.rebalances(), witness.takings.get(),
                witness.commits.get(),
                witness.heartbeats.get(), witness.takenFromLate.get(), rssBefore / 1024, rssKb() / 1024);
        if (failure.get() != null) throw new AssertionError(failure.get());
        assertNull(witness.breach());
        for (int group = 0; group < GROUPS; group++) {
            assertEquals(PARTITIONS, witness.readers("crowd-" + group), "readers of crowd-" + group);
        }
        long changes = witness.joins.get() + witness.leaves.get() + witness.crashes.get();
        assertTrue(witness.rebalances() <= 2 * changes, witness.rebalances() + " rebalances for " + changes
                + " changes: a storm");
        assertTrue(witness.commits.get() > GROUPS * PARTITIONS, "too few commits");
    }

    /** Steps its members until all are calm: first they come and go, then everybody stays. */
    private void live(List<CrowdMember> share, Witness witness, long startMs,
            AtomicReference<Throwable> failure) {
        try {
            long churnEndMs = CHURN_MS;
            long endMs = CHURN_MS + 90_000;
            BooleanSupplier calm = () -> allRead(witness);
            while (witness.breach() == null) {
                long nowMs = System.nanoTime() / 1_000_000 - startMs;
                for (CrowdMember member : share) member.step(nowMs, nowMs < churnEndMs);
                if (nowMs > endMs || nowMs > churnEndMs + COMEBACK_MS && calm.getAsBoolean()) {
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        } catch (RuntimeException | Error problem) {
            failure.compareAndSet(null, problem);
        }
    }

    private static boolean allRead(Witness witness) {
        for (int group = 0; group < GROUPS; group++) {
            if (witness.readers("crowd-" + group) < PARTITIONS) return false;
        }
        return true;
    }

    @Test
    void idleConnectionsCostBoundedMemory() throws Exception {
        long before = rssKb();
        List<LightClient> clients = new ArrayList<>();
        try {
            for (int index = 0; index < IDLE; index++) {
                LightClient client = new LightClient(broker.bootstrap());
                clients.add(client);
                client.ask(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
            }
            for (LightClient client : clients) {
                while (client.poll() == null) LockSupport.parkNanos(100_000);
            }
            long eachKb = (rssKb() - before) / IDLE;
            System.out.printf("idle: %d connections, RSS %d MB before, %d after, %d KB each%n", IDLE,
                    before / 1024, rssKb() / 1024, eachKb);
            assertTrue(eachKb < 64, eachKb + " KB a connection");
        } finally {
            clients.forEach(LightClient::close);
        }
    }

    private long rssKb() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + broker.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D+", ""));
        }
        throw new IOException("no VmRSS of " + broker.pid());
    }
}
