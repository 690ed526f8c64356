package io.semel.streams.run;

import io.semel.streams.StreamsError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** A lane that is a thread of its own. */
final class ThreadLane implements CommitLane {
    private static final int CLOSE_SECONDS = 5;
    private final ExecutorService thread;

    ThreadLane(String name) {
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
    }

    @Override
    public Ticket submit(List<Runnable> steps) {
        return new Pending(thread.submit(() -> steps.forEach(Runnable::run)));
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException asked) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private record Pending(Future<?> end) implements Ticket {
        @Override
        public boolean isDone() {
            return end.isDone();
        }

        @Override
        public boolean await(Duration wait) {
            try {
                end.get(wait.toNanos(), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException notYet) {
                return false;
            } catch (ExecutionException | CancellationException failed) {
                return true;
            } catch (InterruptedException asked) {
                throw new InterruptException(asked);
            }
        }

        @Override
        public RuntimeException failure() {
            try {
                end.get();
                return null;
            } catch (ExecutionException failed) {
                return failed.getCause() instanceof RuntimeException known ? known
                        : new StreamsError.Defect("a commit met " + failed.getCause(), failed.getCause());
            } catch (CancellationException closed) {
                return new KafkaException("the lane was closed", closed);
            } catch (InterruptedException asked) {
                throw new InterruptException(asked);
            }
        }
    }
}
