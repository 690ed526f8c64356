package io.semel.it.kit.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A proxy on loopback in front of any Kafka-compatible broker, for any Kafka client without TLS, that
 * makes go wrong what a test says: {@code faults.on(END_TXN).onCall(3).afterAppend().dropReply()}.
 * Clients connect to {@link #bootstrap}; addresses in the broker's replies lead to the proxy. Any thread;
 * {@link #close} ends all of it.
 *
 * <p>Numbers of calls are counted per {@code client.id}: give your clients one, so that a schedule means
 * the same in the next run.
 */
public final class Faults implements AutoCloseable {
    /** System property: the seed of a random plan, to have a failing run again. */
    public static final String SEED_PROPERTY = "semel.faults.seed";

    /** System property: a file with a story to replay instead of random faults. */
    public static final String STORY_PROPERTY = "semel.faults.story";

    private final long seed;
    private final Fates fates;
    private final Proxy proxy;
    private final String bootstrap;

    private Faults(String brokers, long seed) {
        this.seed = seed;
        this.fates = new Fates(seed);
        this.proxy = new Proxy(fates);
        List<String> doors = new ArrayList<>();
        for (String broker : brokers.split(",")) {
            int colon = broker.lastIndexOf(':');
            int port = Integer.parseInt(broker.substring(colon + 1).strip());
            doors.add(Proxy.HOST + ":" + proxy.portFor(broker.substring(0, colon).strip(), port));
        }
        this.bootstrap = String.join(",", doors);
    }

    /** @param brokers {@code host:port}, several with commas between; none needs to run yet */
    public static Faults before(String brokers) {
        return before(brokers, drawSeed());
    }

    /** @param seed of {@link Calls#withProbability} */
    public static Faults before(String brokers, long seed) {
        return new Faults(brokers, seed);
    }

    /** Faults drawn from a seed: the same call of the same client always has the same fate. */
    public static Plan random(long seed, Profile profile) {
        return new Plan.Drawn(seed, profile);
    }

    /**
     * Faults drawn from the seed in {@value #SEED_PROPERTY}, or from a new one; or those of the story in
     * the file that {@value #STORY_PROPERTY} names.
     */
    public static Plan random(Profile profile) {
        String story = System.getProperty(STORY_PROPERTY);
        if (story == null) return random(drawSeed(), profile);
        try {
            return replay(Files.readString(Path.of(story)));
        } catch (IOException failure) {
            throw new UncheckedIOException("the story of faults to replay cannot be read: " + story, failure);
        }
    }

    /**
     * The faults of an earlier run once more.
     *
     * @param story what {@link #story} gave; lines may be taken out, to find out which of them it needs
     */
    public static Plan replay(String story) {
        List<Strike> strikes = new ArrayList<>();
        for (String line : story.split("\n")) {
            if (!line.isBlank() && !line.startsWith("#")) strikes.add(Strike.parse(line));
        }
        return new Plan.Replayed(strikes);
    }

    private static long drawSeed() {
        Long given = Long.getLong(SEED_PROPERTY);
        return given != null ? given : ThreadLocalRandom.current().nextLong();
    }

    /** Where clients connect. */
    public String bootstrap() {
        return bootstrap;
    }

    /** Calls of this API that something is to happen to. */
    public Calls on(ApiKeys api) {
        return Calls.of(this, api);
    }

    /** All connections through the proxy. */
    public Connections connections() {
        return new Connections(proxy, null);
    }

    /** From now on, what no armed rule strikes is struck by this plan. */
    public Faults follow(Plan plan) {
        fates.follow(plan);
        return this;
    }

    /**
     * Tells clients that connect from now on that the broker has no higher {@code transaction.version}
     * than this: with 1 they enlist partitions as before KIP-890.
     */
    public Faults offerTransactionVersion(int most) {
        proxy.offerTransactionVersion((short) most);
        return this;
    }

    /**
     * Nothing goes wrong any more: rules and plan are gone, requests held back are sent, connections
     * heal.
     */
    public void heal() {
        fates.disarmAll();
        connections().heal();
        proxy.signal().ring();
    }

    /** As {@link #heal}, and forgets what was: calls are counted from 1 again, the schedule is empty. */
    public void startAfresh() {
        fates.startAfresh();
        heal();
    }

    /** What struck, in the order of requests. */
    public List<Strike> schedule() {
        return fates.schedule();
    }

    /** Seed and schedule as text, which {@link #replay} reads. */
    public String story() {
        return "# seed of the proxy " + seed + "\n" + fates.story();
    }

    /** Runs the work; when it fails, the failure says seed and schedule. */
    public <T> T telling(Callable<T> work) throws Exception {
        try {
            return work.call();
        } catch (Exception | AssertionError failure) {
            failure.addSuppressed(new AssertionError("it failed under these faults:\n" + story()));
            throw failure;
        }
    }

    /** Cuts every connection and listens no more. */
    @Override
    public void close() {
        proxy.close();
    }

    Fault arm(Calls calls, Moment moment, Action action) {
        return new Fault(fates, proxy.signal(), fates.arm(calls, moment, action));
    }
}
