package io.semel.streams.run;

import io.semel.streams.StreamsError;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one host until asked to stop, with a growing pause between failures. The thread is the host's one
 * owner.
 */
final class HostThread extends Thread {
    private static final Logger LOG = LoggerFactory.getLogger(HostThread.class);
    private static final int PAUSE_FIRST_MS = 20;
    private static final int PAUSE_DOUBLINGS_MAX = 6;

    private final Running running;
    private final TaskHost host;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicReference<RunState> seen = new AtomicReference<>(RunState.STARTING);
    private final AtomicReference<StreamsError> trouble = new AtomicReference<>();

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

    private void report() {
        RunState now = host.state();
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
