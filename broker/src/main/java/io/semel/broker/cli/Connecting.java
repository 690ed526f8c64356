package io.semel.broker.cli;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import picocli.CommandLine.Option;

/** How a command reaches the broker. One thread. */
final class Connecting {
    private static final int REQUEST_MS = 5_000;
    private static final int GIVE_UP_MS = 10_000;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:9092",
            description = "Where the broker listens (default: ${DEFAULT-VALUE}).")
    private String bootstrap;

    /** @throws IllegalArgumentException the address is none, says so */
    Admin open() {
        try {
            return Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", REQUEST_MS,
                    "default.api.timeout.ms", GIVE_UP_MS));
        } catch (RuntimeException wrong) {
            throw new IllegalArgumentException("--bootstrap takes HOST:PORT, for example 127.0.0.1:9092, not "
                    + bootstrap, wrong);
        }
    }

    /** What is said when nobody answers. */
    IllegalStateException silence(Throwable cause) {
        return new IllegalStateException("no broker answers at " + bootstrap
                + ": is one running there? --bootstrap HOST:PORT says where to look.", cause);
    }

    String bootstrap() {
        return bootstrap;
    }

    /** Waits for an answer. @throws IllegalStateException there is none, or a refusal: says what to do */
    <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            boolean silent = cause instanceof TimeoutException
                    || cause instanceof org.apache.kafka.common.errors.TimeoutException;
            if (silent) throw silence(cause);
            if (cause instanceof RuntimeException refusal) throw refusal;
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }
}
