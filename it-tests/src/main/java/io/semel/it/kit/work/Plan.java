package io.semel.it.kit.work;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a workload is to run. Immutable.
 *
 * @param name prefix of its topics, transactional ids and groups, so that runs do not meet
 * @param seed of everything the clients decide; the broker and the scheduler still decide the rest
 * @param clients how many work at the same time
 * @param operations steps of all clients together: transactions, or tens of records fed
 * @param duration after which nothing new begins, whatever is left
 * @param partitions of each topic
 * @param crashOneIn how many steps go before a client is dropped without a word and replaced, on average; 0
 *        for never
 * @param subscribe whether readers may leave their partitions to a group
 * @param healing how long the final reader may take to see everything
 * @param settings for all clients, over the kit's own
 */
public record Plan(String bootstrap, String name, long seed, int clients, long operations, Duration duration,
        int partitions, int crashOneIn, boolean subscribe, Duration healing, Map<String, String> settings) {
    public Plan {
        settings = new TreeMap<>(settings);
        if (clients < 1 || partitions < 1) throw new IllegalArgumentException("no client or no partition");
    }

    /** Four clients, 200 steps, at most a minute, five partitions, no crashes. */
    public static Plan against(String bootstrap) {
        return new Plan(bootstrap, "work", 1, 4, 200, Duration.ofMinutes(1), 5, 0, true,
                Duration.ofSeconds(10), Map.of());
    }

    public Plan named(String name) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, settings);
    }

    public Plan withSeed(long seed) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, settings);
    }

    public Plan withClients(int clients) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, settings);
    }

    public Plan withOperations(long operations) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, settings);
    }

    public Plan within(Duration duration) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, settings);
    }

    public Plan withPartitions(int partitions) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, settings);
    }

    public Plan crashingOneIn(int steps) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, steps, subscribe,
                healing, settings);
    }

    public Plan subscribing(boolean may) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn, may,
                healing, settings);
    }

    public Plan healingWithin(Duration healing) {
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, settings);
    }

    /** Of kafka-clients, for producers, consumers and administrators alike. */
    public Plan with(String setting, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(setting, value);
        return new Plan(bootstrap, name, seed, clients, operations, duration, partitions, crashOneIn,
                subscribe, healing, more);
    }
}
