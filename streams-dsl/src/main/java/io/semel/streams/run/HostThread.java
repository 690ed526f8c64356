package io.semel.streams.run;

import io.semel.streams.StreamsError;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one host until asked to stop, with a growing pause between failures. The thread is the host's one
 * owner.
 */
final class HostThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(HostThread.class);
    private static final int FRAMES = 8;
    private static final int PAUSE_FIRST_MS = 20;
    private static final int PAUSE_DOUBLINGS_MAX = 6;

    private final Running running;
    private final TaskHost host;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<RunState> seen = new AtomicReference<>(RunState.STARTING);
    private final AtomicReference<StreamsError> trouble = new AtomicReference<>();
    private final AtomicLong turnedNs = new AtomicLong(System.nanoTime());
    private final AtomicLong movedNs = new AtomicLong(System.nanoTime());
    private long restored;

    HostThread(Running running, TaskHost host, String name) {
        super(name);
        this.running = running;
        this.host = host;
    }

    @Override
    public void run() {
        StreamsError cause = null;
        try {
            while (stop.getCount() > 0) {
                int failures = host.turn();
                report();
                if (failures > 0 && stop.await(pauseMs(failures), TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException asked) {
            LOG.warn("{}: interrupted", getName());
        } catch (Throwable thrown) {
            cause = Running.asError(thrown);
        } finally {
            cause = letGo(cause);
            running.ended(this, cause);
        }
    }

    /** Asks the host to end after its turn. */
    void end() {
        stop.countDown();
        host.wakeup();
    }

    RunState hostState() {
        return seen.get();
    }

    StreamsError trouble() {
        return trouble.get();
    }

    /** What keeps it from its work for longer than {@code patience}, in words. */
    Optional<String> stuckFor(Duration patience) {
        long turnMs = sinceMs(turnedNs);
        if (turnMs > patience.toMillis()) {
            String where = Arrays.stream(getStackTrace()).limit(FRAMES).map(StackTraceElement::toString)
                    .collect(Collectors.joining(" < "));
            return Optional.of("thread " + getName() + " has been in one turn for " + turnMs + " ms, now in "
                    + where);
        }
        long stillMs = sinceMs(movedNs);
        RunState now = seen.get();
        if (now == RunState.RUNNING || now.isFinal() || stillMs <= patience.toMillis()) {
            return Optional.empty();
        }
        StreamsError met = trouble.get();
        return Optional.of("thread " + getName() + " has not run for " + stillMs
                + " ms and restored nothing meanwhile, now " + now
                + (met == null ? "" : ": " + met.getMessage()));
    }

    private static long sinceMs(AtomicLong ns) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ns.get());
    }

    private void report() {
        long nowNs = System.nanoTime();
        turnedNs.setRelease(nowNs);
        RunState now = host.state();
        long restoredNow = running.stats().restored();
        if (now == RunState.RUNNING || restoredNow != restored) {
            movedNs.setRelease(nowNs);
        }
        restored = restoredNow;
        trouble.set(host.trouble());
        if (seen.getAndSet(now) != now) {
            running.refresh();
        }
    }

    private StreamsError letGo(StreamsError cause) {
        try {
            host.close();
            return cause;
        } catch (RuntimeException failed) {
            LOG.warn("{}: closing a client failed", getName(), failed);
            return cause;
        }
    }

    private static long pauseMs(int failures) {
        return (long) PAUSE_FIRST_MS << Math.min(failures - 1, PAUSE_DOUBLINGS_MAX);
    }
}
