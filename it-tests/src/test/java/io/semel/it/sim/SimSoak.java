package io.semel.it.sim;

import io.semel.kernel.world.Saboteur;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plays the stories of consecutive seeds on several threads until time or seeds are up. A story is one
 * thread's; they share nothing.
 */
final class SimSoak {
    private static final int TOPOLOGY_EVERY = 25;
    private static final long LOOK_MS = 500;

    /** What is played of a seed, and with which bugs planted in the broker. */
    record Plays(boolean broker, boolean topologies, boolean dense, Saboteur... planted) {
        boolean topologyOf(long seed) {
            return topologies && (!broker || Math.floorMod(seed, TOPOLOGY_EVERY) == 0);
        }
    }

    private final long first;
    private final long count;
    private final long lengthMs;
    private final SimTally tally;
    private final Plays plays;
    private final AtomicLong given = new AtomicLong();
    private final Map<String, String> expected;

    SimSoak(long first, long count, long lengthMs, SimTally tally, Plays plays) {
        this.first = first;
        this.count = count;
        this.lengthMs = lengthMs;
        this.tally = tally;
        this.plays = plays;
        this.expected = plays.topologies ? new DslStory(1, false, null).play() : Map.of();
    }

    /** Blocks until all that was begun has ended. */
    void run(int threads, SimProgress progress) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(threads);
        tally.begin();
        for (int number = 0; number < threads; number++) {
            Thread player = new Thread(() -> {
                try {
                    playAll();
                } finally {
                    ended.countDown();
                }
            }, "story-" + number);
            player.setDaemon(true);
            player.start();
        }
        while (!ended.await(LOOK_MS, TimeUnit.MILLISECONDS)) progress.show(tally);
        progress.end();
        tally.end();
    }

    private void playAll() {
        while (tally.elapsedMs() < lengthMs) {
            long number = given.getAndIncrement();
            if (number >= count) return;
            long seed = first + number;
            if (plays.broker) guarded("broker", seed, () -> playBroker(seed));
            if (plays.topologyOf(seed)) guarded("topology", seed, () -> playTopology(seed));
            tally.played(seed);
        }
    }

    private void playBroker(long seed) {
        Story story = plays.dense ? Story.dense(seed, plays.planted) : new Story(seed, plays.planted);
        String failure = Telling.play(story);
        if (failure != null) tally.failed("broker", seed, failure);
        tally.ended(story);
    }

    private void playTopology(long seed) {
        DslStory story = new DslStory(seed, true, null);
        try {
            Map<String, String> outcome = story.play();
            if (!outcome.equals(expected)) tally.failed("topology", seed, "seed " + seed + ": came to "
                    + outcome + "\n  instead of " + expected + "\n" + story.mermaid());
        } catch (RuntimeException | AssertionError broken) {
            tally.failed("topology", seed, "seed " + seed + ": " + broken + "\n" + story.mermaid());
        }
        tally.ended(story);
    }

    /** What is not foreseen (no memory, no stack left) fails its seed, and the next one is played. */
    private void guarded(String kind, long seed, Runnable play) {
        try {
            play.run();
        } catch (RuntimeException | Error unforeseen) {
            tally.failed(kind, seed, "seed " + seed + ": " + unforeseen);
        }
    }
}
