package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.semel.wire.message.RequestFrame;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Requests of every API in every version, damaged (FAULTS C.6): read within bounds, answered or hung up on,
 * and harming nobody else. {@code -Dsemel.seed=N} plays one seed, {@code -Dsemel.scale} more of them.
 */
class RequestFuzzTest {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SCALE = Integer.getInteger("semel.scale", 1);
    private static final Long SEED = Long.getLong("semel.seed");
    private static final String KEEP = System.getProperty("semel.fuzz.keep");
    private static final int BROKERS = 60;
    private static final int CONNECTIONS = 40;
    private static final int ROUNDS = 200;
    private static final int SEED_FRAMES = 1_000;

    private int requests;

    /** A value or the protocol's clear error, within a second and in proportion to the bytes there are. */
    @Test
    void everyMutantIsReadWithinBoundsOrRefused() {
        FuzzSeeds seeds = new FuzzedBroker(1).seeds();
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? (long) ROUNDS * SCALE : SEED;
        int frames = 0;
        for (long seed = first; seed <= last; seed++) {
            Random random = new Random(seed);
            for (int number = 0; number < seeds.versions(); number++) {
                byte[] mutant = seeds.mutant(number, random);
                frames++;
                survives("seed " + seed + ", " + seeds.name(number), List.of(mutant),
                        () -> readWithinBounds(seeds, mutant));
            }
        }
        System.out.println("fuzz: " + frames + " frames of seeds " + first + " to " + last + " read, "
                + requests + " of them as requests");
        assertTrue(requests > frames / 20 && requests < frames * 19 / 20, requests + " of " + frames);
    }

    /** So many mutants of each API; a seed makes a thousand. */
    @Test
    @EnabledIfSystemProperty(named = "semel.fuzz.each", matches = "[0-9]+")
    void everyApiAtLength() {
        FuzzSeeds seeds = new FuzzedBroker(1).seeds();
        int each = Integer.getInteger("semel.fuzz.each");
        seeds.byApi().forEach((api, numbers) -> {
            requests = 0;
            for (int frame = 0; frame < each; ) {
                long seed = SEED == null ? (long) api.id << Integer.SIZE | frame / SEED_FRAMES : SEED;
                Random random = new Random(seed);
                for (int of = 0; of < SEED_FRAMES && frame < each; of++, frame++) {
                    int number = numbers.get(random.nextInt(numbers.size()));
                    byte[] mutant = seeds.mutant(number, random);
                    survives("seed " + seed + ", " + seeds.name(number), List.of(mutant),
                            () -> readWithinBounds(seeds, mutant));
                }
            }
            System.out.println("fuzz: " + each + " frames of " + api + " read, " + requests
                    + " of them as requests");
        });
    }

    private void readWithinBounds(FuzzSeeds seeds, byte[] mutant) {
        long cpuBefore = THREAD.getCurrentThreadCpuTime();
        long bytesBefore = THREAD.getCurrentThreadAllocatedBytes();
        RequestFrame decoded = RequestFrame.decode(ByteBuffer.wrap(mutant.clone()), seeds.table());
        long allocated = THREAD.getCurrentThreadAllocatedBytes() - bytesBefore;
        long cpuNanos = THREAD.getCurrentThreadCpuTime() - cpuBefore;
        assertTrue(cpuNanos < 1_000_000_000L, () -> "took " + cpuNanos + " ns");
        // 1 MiB: the first frame of an API loads its classes
        assertTrue(allocated < 100L * mutant.length + (1 << 20), () -> "allocated " + allocated + " bytes");
        if (!(decoded instanceof RequestFrame.Request request)) return;
        ByteBuffer written = written(request);
        RequestFrame again = RequestFrame.decode(written.duplicate(), seeds.table());
        assertEquals(written, written(assertInstanceOf(RequestFrame.Request.class, again)),
                request::toString);
        requests++;
    }

    private static ByteBuffer written(RequestFrame.Request request) {
        return RequestFrame.encode(request.apiKey(), request.apiVersion(), request.correlationId(),
                request.clientId(), request.body()).position(Integer.BYTES).slice();
    }

    /** Up to four on one connection; then the witness on another one; at the end the power goes. */
    @Test
    void aBrokerAnswersOrHangsUpAndServesOthersAndLosesNothing() {
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? (long) BROKERS * SCALE : SEED;
        FuzzCorpus learned = FuzzCorpus.kept();
        long allocatedMost = 0;
        long cpuMostNanos = 0;
        for (long seed = first; seed <= last; seed++) {
            Random random = new Random(seed);
            FuzzedBroker broker = new FuzzedBroker(seed);
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                int number = random.nextInt(broker.seeds().versions());
                List<byte[]> frames = new ArrayList<>();
                for (int count = 1 + Math.max(0, random.nextInt(6) - 2); count > 0; count--) {
                    frames.add(broker.seeds().readableMutant(number, random));
                }
                String name = "seed " + seed + ", connection " + connection + ", "
                        + broker.seeds().name(number);
                survives(name, frames, () -> broker.suffer(frames));
                if (frames.size() > 1) continue;
                learned.learn(broker.outcome(), frames.get(0), broker.seeds().who());
            }
            survives("seed " + seed + ", the end", List.of(), broker::end);
            requests += broker.requests();
            allocatedMost = Math.max(allocatedMost, broker.allocatedMost());
            cpuMostNanos = Math.max(cpuMostNanos, broker.cpuMostNanos());
        }
        if (KEEP != null) learned.write(Path.of(KEEP));
        System.out.println("fuzz: brokers of seeds " + first + " to " + last + " were sent " + requests
                + " requests on " + (last - first + 1) * CONNECTIONS + " connections; at most "
                + allocatedMost + " bytes and " + cpuMostNanos / 1_000_000 + " ms for one");
        assertTrue(requests > (last - first + 1) * CONNECTIONS / 2, "hardly a request: " + requests);
    }

    @Test
    void whatIsKeptIsSurvivedAgain() {
        FuzzedBroker broker = new FuzzedBroker(1);
        int kept = 0;
        for (Map.Entry<String, byte[]> one : FuzzCorpus.kept().framesFor(broker.seeds().who()).entrySet()) {
            if (kept++ % CONNECTIONS == 0) broker = new FuzzedBroker(1);
            FuzzedBroker sent = broker;
            List<byte[]> frame = List.of(one.getValue());
            survives(one.getKey(), frame, () -> readWithinBounds(sent.seeds(), one.getValue()));
            survives(one.getKey(), frame, () -> sent.suffer(frame));
            if (kept % CONNECTIONS == 0) survives("the end after " + one.getKey(), frame, sent::end);
        }
        assertTrue(kept > 300, "kept " + kept);
    }

    private static void survives(String name, List<byte[]> frames, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error wrong) {
            StringBuilder told = new StringBuilder(name).append(": ").append(wrong.getMessage());
            for (byte[] frame : frames) told.append('\n').append(HexFormat.of().formatHex(frame));
            throw new AssertionError(told.toString(), wrong);
        }
    }
}
