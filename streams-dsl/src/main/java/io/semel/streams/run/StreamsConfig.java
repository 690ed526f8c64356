package io.semel.streams.run;

import io.semel.streams.Names;
import io.semel.streams.task.StoreBases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How one instance runs: all there is to set. An immutable value; every {@code with} returns a changed copy.
 *
 * <ul>
 * <li>{@code threads}: threads of this instance, each with a consumer and a transactional producer; default
 * 1.</li>
 * <li>{@code instanceId}: who this instance is across restarts, unique among the application's instances. A
 * restarted instance ends the transaction its dead predecessor left open and takes its place in the group at
 * once; without it both wait for a time-out (10 s). Implied, and persisted, by {@code stateDir}.</li>
 * <li>{@code stateDir}: where the instance keeps its id and snapshots of its stores; one directory per
 * instance.</li>
 * <li>{@code replicationFactor}: of created topics; the cluster's default if unset.</li>
 * <li>{@code pollRecordsMax}: the most records a thread takes at once; default 2000. A transaction takes
 * ten times as many at most.</li>
 * <li>{@code commitMinInterval}: the least time between two commits of one thread; default zero: a commit
 * follows the last one at once. Raise it on a shared cluster that shall see fewer transactions; every
 * hop then waits up to that long. A transaction that is full does not wait for it.</li>
 * <li>{@code startTimeout}: how long {@code start} waits for an unavailable cluster; default 60 s.</li>
 * <li>{@code client}: further settings for every Kafka client (security, for one); what exactly-once rests on
 * cannot be overridden.</li>
 * <li>{@code stores}: what stores keep their committed rows in; on the heap unless set. What keeps files of
 * its own, for state larger than memory, needs a {@code stateDir}.</li>
 * </ul>
 */
public record StreamsConfig(String bootstrapServers, int threads, Optional<String> instanceId,
                            Optional<Path> stateDir, Optional<Short> replicationFactor, Limits limits,
                            Map<String, Object> client, StoreBases stores) {
    /** The numbers among the settings. An immutable value. */
    public record Limits(int pollRecordsMax, Duration commitMinInterval, Duration startTimeout) {
    }

    public StreamsConfig {
        Objects.requireNonNull(bootstrapServers, "bootstrapServers");
        Objects.requireNonNull(stores, "stores");
        if (threads < 1 || threads > 1000) {
            throw new IllegalArgumentException("threads " + threads + " is not between 1 and 1000");
        }
        if (limits.pollRecordsMax() < 1) {
            throw new IllegalArgumentException("pollRecordsMax " + limits.pollRecordsMax() + " is below 1");
        }
        Duration interval = limits.commitMinInterval();
        if (interval.isNegative() || interval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("commitMinInterval " + interval
                    + " is not between 0 and 1 minute");
        }
        instanceId.ifPresent(id -> Names.check("instance", id));
        client = Collections.unmodifiableMap(new TreeMap<>(client));
    }

    public static StreamsConfig of(String bootstrapServers) {
        return new StreamsConfig(bootstrapServers, 1, Optional.empty(), Optional.empty(), Optional.empty(),
                new Limits(2000, Duration.ZERO, Duration.ofSeconds(60)), Map.of(),
                StoreBases.IN_MEMORY);
    }

    public StreamsConfig threads(int count) {
        return new StreamsConfig(bootstrapServers, count, instanceId, stateDir, replicationFactor, limits,
                client, stores);
    }

    public StreamsConfig instanceId(String id) {
        return new StreamsConfig(bootstrapServers, threads, Optional.of(id), stateDir, replicationFactor,
                limits, client, stores);
    }

    public StreamsConfig stateDir(Path dir) {
        return new StreamsConfig(bootstrapServers, threads, instanceId, Optional.of(dir), replicationFactor,
                limits, client, stores);
    }

    public StreamsConfig replicationFactor(int factor) {
        return new StreamsConfig(bootstrapServers, threads, instanceId, stateDir, Optional.of((short) factor),
                limits, client, stores);
    }

    public StreamsConfig pollRecordsMax(int count) {
        return with(new Limits(count, limits.commitMinInterval(), limits.startTimeout()));
    }

    public StreamsConfig commitMinInterval(Duration interval) {
        return with(new Limits(limits.pollRecordsMax(), interval, limits.startTimeout()));
    }

    public StreamsConfig startTimeout(Duration timeout) {
        return with(new Limits(limits.pollRecordsMax(), limits.commitMinInterval(), timeout));
    }

    public StreamsConfig client(String key, Object value) {
        Map<String, Object> more = new TreeMap<>(client);
        more.put(key, value);
        return new StreamsConfig(bootstrapServers, threads, instanceId, stateDir, replicationFactor, limits,
                more, stores);
    }

    public StreamsConfig stores(StoreBases bases) {
        return new StreamsConfig(bootstrapServers, threads, instanceId, stateDir, replicationFactor, limits,
                client, bases);
    }

    private StreamsConfig with(Limits changed) {
        return new StreamsConfig(bootstrapServers, threads, instanceId, stateDir, replicationFactor, changed,
                client, stores);
    }
}
