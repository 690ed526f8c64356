package io.semel.streams.run;

import io.semel.streams.topology.PartitionPlan.Missing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * A transactional log with its coordinators, in memory and in one thread: partitions with markers and stable
 * offsets, transactions whose markers may come late, pending group offsets, epochs that fence. What Kafka
 * promises, no more.
 */
final class LogWorld {
    /** What the world can be told to get wrong, so that the test shows it would notice. */
    enum Sabotage { NONE, NO_GENERATION_CHECK, UNSTABLE_OFFSETS, NO_EPOCH_CHECK,
            ENDS_WITHOUT_OPEN_TRANSACTIONS }

    /** A transaction: open, or decided with markers still to be written to some of its places. */
    static final class Txn {
        final Set<TopicPartition> unmarked = new LinkedHashSet<>();
        final Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        boolean decided;
        boolean committed;
        boolean offsetsPending;
        int offsetsNumber;
    }

    /** What the coordinator knows of a transactional id. */
    static final class Id {
        int epoch = -1;
        Txn txn;
    }

    record Entry(long offset, long timestampMs, byte[] key, byte[] value, Txn txn, boolean marker) {
        boolean isVisible() {
            return !marker && (txn == null || txn.committed);
        }
    }

    final SplittableRandom random;
    final Sabotage sabotage;
    final LogGroup group;
    final Map<TopicPartition, List<Entry>> logs = new LinkedHashMap<>();
    final Map<String, Integer> counts = new TreeMap<>();
    final Map<String, Id> ids = new TreeMap<>();
    final Map<TopicPartition, Long> committed = new LinkedHashMap<>();
    private final Map<TopicPartition, Integer> committedNumbers = new LinkedHashMap<>();
    private int offsetsNumber;
    private final Set<Txn> unsettled = new LinkedHashSet<>();

    LogWorld(SplittableRandom random, Sabotage sabotage) {
        this.random = random;
        this.sabotage = sabotage;
        this.group = new LogGroup(this);
    }

    void create(String topic, int partitions) {
        if (counts.putIfAbsent(topic, partitions) == null) {
            for (int p = 0; p < partitions; p++) {
                logs.put(new TopicPartition(topic, p), new ArrayList<>());
            }
        }
    }

    int partitionOf(String topic, byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % counts.get(topic);
    }

    long append(TopicPartition partition, long timestampMs, byte[] key, byte[] value, Txn txn) {
        List<Entry> log = logs.get(partition);
        log.add(new Entry(log.size(), timestampMs, key, value, txn, false));
        if (txn != null) {
            txn.unmarked.add(partition);
        }
        return log.size() - 1L;
    }

    long end(TopicPartition partition) {
        return logs.get(partition).size();
    }

    /** The first offset of a transaction that has no marker here yet, else the end. */
    long stableEnd(TopicPartition partition) {
        if (unsettled.stream().noneMatch(txn -> txn.unmarked.contains(partition))) {
            return end(partition);
        }
        for (Entry entry : logs.get(partition)) {
            if (entry.txn() != null && !entry.marker() && entry.txn().unmarked.contains(partition)) {
                return entry.offset();
            }
        }
        return end(partition);
    }

    void pend(Txn txn, TopicPartition partition, long offset) {
        txn.offsets.put(partition, offset);
        txn.offsetsPending = true;
        txn.offsetsNumber = ++offsetsNumber;
    }

    Txn begin() {
        Txn txn = new Txn();
        unsettled.add(txn);
        return txn;
    }

    /** Decides; the markers follow one by one, as Kafka writes them. */
    void decide(Txn txn, boolean commit) {
        txn.decided = true;
        txn.committed = commit;
        while (random.nextBoolean() && mark(txn)) {
            continue;
        }
    }

    /** Writes what is left of a decided transaction's markers. */
    void settle(Txn txn) {
        while (mark(txn)) {
            continue;
        }
    }

    /** Writes one marker of one decided transaction, if there is any to write. */
    void markOne() {
        for (Txn txn : List.copyOf(unsettled)) {
            if (txn.decided) {
                mark(txn);
                return;
            }
        }
    }

    /** What the coordinator does when a transaction has been open for too long. */
    void expire(String transactionalId) {
        Id id = ids.get(transactionalId);
        if (id != null && id.txn != null && !id.txn.decided) {
            id.epoch++;
            decide(id.txn, false);
        }
    }

    boolean isPending(Collection<TopicPartition> partitions) {
        return sabotage != Sabotage.UNSTABLE_OFFSETS && unsettled.stream().anyMatch(txn -> txn.offsetsPending
                && partitions.stream().anyMatch(txn.offsets::containsKey));
    }

    boolean isSettled() {
        return unsettled.isEmpty();
    }

    List<Entry> visible(String topic) {
        List<Entry> entries = new ArrayList<>();
        for (int p = 0; p < counts.get(topic); p++) {
            TopicPartition partition = new TopicPartition(topic, p);
            long stable = stableEnd(partition);
            logs.get(partition).stream().filter(entry -> entry.offset() < stable && entry.isVisible())
                    .forEach(entries::add);
        }
        return entries;
    }

    TopicDesk desk(Nemesis nemesis) {
        return new TopicDesk() {
            @Override
            public Map<String, Integer> partitionCounts(Set<String> topics) {
                Map<String, Integer> known = new TreeMap<>(counts);
                known.keySet().retainAll(topics);
                return known;
            }

            @Override
            public Map<String, String> ids(Set<String> topics) {
                throw new UnsupportedOperationException("no snapshots here");
            }

            @Override
            public void create(List<Missing> topics) {
                topics.forEach(topic -> LogWorld.this.create(topic.topic(), topic.partitions()));
            }

            @Override
            public Map<TopicPartition, Long> highWatermarks(Collection<TopicPartition> partitions) {
                nemesis.strike("ends");
                return ends(partitions, sabotage == Sabotage.ENDS_WITHOUT_OPEN_TRANSACTIONS);
            }

            @Override
            public Map<TopicPartition, Long> stableEnds(Collection<TopicPartition> partitions) {
                nemesis.strike("stable ends");
                return ends(partitions, true);
            }

            @Override
            public void close() {
                nemesis.strike("close desk");
            }
        };
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, boolean stable) {
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        partitions.forEach(partition -> ends.put(partition, stable ? stableEnd(partition) : end(partition)));
        return ends;
    }

    /** Offsets were written to one log; what was written later wins, whichever marker came first. */
    private void materialize(TopicPartition partition, long offset, int number) {
        if (number > committedNumbers.getOrDefault(partition, 0)) {
            committedNumbers.put(partition, number);
            committed.put(partition, offset);
        }
    }

    private boolean mark(Txn txn) {
        List<TopicPartition> places = new ArrayList<>(txn.unmarked);
        int choices = places.size() + (txn.offsetsPending ? 1 : 0);
        if (choices == 0) {
            unsettled.remove(txn);
            return false;
        }
        int choice = random.nextInt(choices);
        if (choice == places.size()) {
            txn.offsetsPending = false;
            if (txn.committed) {
                txn.offsets.forEach((partition, offset) -> materialize(partition, offset, txn.offsetsNumber));
            }
        } else {
            TopicPartition place = places.get(choice);
            txn.unmarked.remove(place);
            List<Entry> log = logs.get(place);
            log.add(new Entry(log.size(), 0, null, null, txn, true));
        }
        return true;
    }
}
