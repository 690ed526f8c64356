package io.semel.it.kit.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.broker.config.Durability;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Seen;
import io.semel.it.kit.storage.ForgetfulDisk;
import io.semel.it.kit.work.BankTransfers;
import io.semel.it.kit.work.Plan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The power of a real block device is cut under a broker process and real clients, again and again (FAULTS
 * C.2). A few cuts in every build where the machine has what it takes, a hundred under soak; {@code
 * -Dsemel.cuts=N} for N of each kind.
 */
class RealPowerCutsTest {
    private static final boolean WHOLE = Integer.getInteger("semel.scale", 1) > 1;
    private static final long SEED = Long.getLong("semel.seed", 20_261_128);
    private static final int CUTS = Integer.getInteger("semel.cuts", WHOLE ? 100 : 3);
    private static final int CUTS_AT_RECOVERY = Integer.getInteger("semel.cuts", WHOLE ? 30 : 2);
    private static final int UNFORCED_CUTS = Integer.getInteger("semel.cuts", WHOLE ? 30 : 2);
    private static final Duration ROUND = Duration.ofSeconds(WHOLE ? 45 : 8);
    private static final long APART_MS = 1_200;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Logs roll, states are written down and journals are cleaned every few transactions. */
    private static final Map<String, String> SMALL = Map.of("log.segment.bytes", "60000",
            "offsets.topic.segment.bytes", "20000", "transaction.state.log.segment.bytes", "20000",
            "semel.state.snapshot.bytes", "8000", "semel.producer.snapshot.bytes", "8000",
            "log.flush.offset.checkpoint.interval.ms", "200",
            "log.cleaner.backoff.ms", "100");

    @BeforeEach
    void needsADisk() {
        String missing = ForgetfulDisk.missing();
        if (missing != null) System.out.println("RealPowerCutsTest is skipped: " + missing);
        assumeTrue(missing == null, missing);
    }

    @Test
    void theDiskKeepsWhatWasForcedAndForgetsTheRest() throws IOException {
        byte[] first = new byte[100_000];
        byte[] second = new byte[50_000];
        new SplittableRandom(SEED).nextBytes(first);
        try (ForgetfulDisk disk = ForgetfulDisk.make(64)) {
            Path kept = disk.directory().resolve("kept");
            Path lost = disk.directory().resolve("lost");
            try (FileChannel file = FileChannel.open(kept, StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
                    FileChannel directory = FileChannel.open(disk.directory(), StandardOpenOption.READ)) {
                file.write(ByteBuffer.wrap(first));
                file.force(true);
                directory.force(true);
                file.write(ByteBuffer.wrap(second));
                Files.write(lost, second);
            }

            disk.cut();
            disk.revive();

            assertEquals(ByteBuffer.wrap(first), ByteBuffer.wrap(Files.readAllBytes(kept)));
            assertFalse(Files.exists(lost));
        }
    }

    @Test
    void costNothingThatWasAcknowledged() {
        Tally tally = new Tally();

        rounds(Blow.Kind.POWER, tally, () -> tally.blows().size() >= CUTS);

        assertNothingWasLost(tally, CUTS);
    }

    /** The process has opened its data and does not serve yet: the power goes again. */
    @Test
    void costNothingWhenTheyMeetTheRecoveryFromTheLast() {
        Tally tally = new Tally();

        rounds(Blow.Kind.POWER_TWICE, tally, () -> tally.cutsAtRecovery() >= CUTS_AT_RECOVERY);

        assertNothingWasLost(tally, CUTS_AT_RECOVERY);
    }

    private static void rounds(Blow.Kind kind, Tally tally, BooleanSupplier enough) {
        Progress progress = new Progress(System.out, false, ROUND.toMillis() * 1_000);
        SplittableRandom seeds = new SplittableRandom(SEED);
        Mix mix = Mix.only(List.of(kind), APART_MS);
        try (RunningEngine engine = RunningEngine.onForgetfulDisk(Durability.FORCE, SMALL);
                Faults faults = Faults.before(engine.bootstrap(), SEED)) {
            for (int round = 1; !enough.getAsBoolean() && tally.complaints().isEmpty(); round++) {
                new Round("cuts-" + round, seeds.nextLong(), ROUND, mix, tally, progress)
                        .run(faults, engine);
            }
        }
        System.out.printf("%d times %s in %d rounds, %,d operations, %,d records acknowledged, %s; seed %d%n",
                tally.blows().size(), kind.words(), tally.roundsDone(), tally.operations(), tally.records(),
                TextReport.restarts(tally), SEED);
    }

    private static void assertNothingWasLost(Tally tally, int cuts) {
        assertEquals(List.of(), tally.complaints());
        assertEquals(Map.of(), tally.anomalies());
        assertTrue(tally.records() > cuts, "something was acknowledged between the cuts");
    }

    /**
     * What was not forced may be lost and torn; nothing is damaged, nothing comes twice, and it serves. A
     * coordinator that has forgotten how a transaction ended ends it when its time is up.
     */
    @Test
    void withoutForcesDamageNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (RunningEngine engine = RunningEngine.onForgetfulDisk(Durability.OS, SMALL)) {
            for (int cut = 1; cut <= UNFORCED_CUTS; cut++) {
                Plan plan = plan(engine, "os-" + cut);
                Future<History> work = thread.submit(() -> new BankTransfers().run(plan));
                long lengthMs = 300 + random.nextInt(1_500);
                awaitQuietly(work, lengthMs);
                engine.cutPower();
                engine.restart();

                showsNothingTwice(work.get());
                History after = new BankTransfers().run(plan(engine, "after-" + cut).withOperations(20));
                Report report = Checker.check(after);
                assertTrue(report.isClean(), () -> "seed " + SEED + "\n" + report.text());
                engine.assertServing();
                if (cut % 10 == 0) System.out.println(cut + " power cuts with durability os");
            }
            Awaitility.await().atMost(PATIENCE).untilAsserted(engine::assertNoOpenTransactions);
        } finally {
            thread.shutdown();
        }
    }

    private static void awaitQuietly(Future<?> work, long ms) throws Exception {
        try {
            work.get(ms, java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException asMeant) {
            assertFalse(work.isDone());
        }
    }

    private static Plan plan(RunningEngine engine, String name) {
        return Plan.against(engine.bootstrap()).named(name).withSeed(SEED).withClients(2).withPartitions(3)
                .withOperations(400).within(Duration.ofMinutes(1)).healingWithin(Duration.ofSeconds(60))
                .with("reconnect.backoff.ms", "5").with("retry.backoff.ms", "5");
    }

    private static void showsNothingTwice(History history) {
        Map<String, Seen> seen = new TreeMap<>();
        for (Operation operation : history.operations()) {
            if (!operation.process().equals("final")) continue;
            for (Seen one : operation.records()) {
                Seen before = seen.put(one.place() + " " + one.value(), one);
                assertTrue(before == null, () -> one + " came twice");
            }
        }
    }
}
