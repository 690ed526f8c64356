package io.semel.it.kit.work;

import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What follows when all clients have gone home: their transactions are ended by whoever takes their ids,
 * everything is read from the beginning under both isolations, the groups' offsets are looked at. Used by the
 * workload's thread.
 */
final class Aftermath {
    /** The process that reads everything at the end. */
    static final String READER = "final";
    private static final Duration POLL = Duration.ofMillis(100);

    private final Plan plan;
    private final Desk desk;
    private final Recorder recorder;

    Aftermath(Plan plan, Desk desk, Recorder recorder) {
        this.plan = plan;
        this.desk = desk;
        this.recorder = recorder;
    }

    /** Takes over every transactional id, so that nothing stays open. */
    Aftermath fence(Iterable<String> transactionalIds) {
        for (String id : transactionalIds) insist((life, deadlineNs) -> {
            Tape heir = recorder.process("heir-of-" + id + "-" + life);
            try (Producer<String, String> producer = desk.producer(heir, id)) {
                producer.initTransactions();
            }
        });
        return this;
    }

    /** Reads all to the end, as far as it comes in time, and marks the history. */
    Aftermath drain(List<TopicPartition> partitions) {
        insist((life, deadlineNs) -> reads(READER, true, partitions, deadlineNs));
        insist((life, deadlineNs) -> reads(READER + "-uncommitted", false, partitions, deadlineNs));
        recorder.drained(READER, partitions.stream().map(Aftermath::place).toList());
        return this;
    }

    private static Place place(TopicPartition partition) {
        return new Place(partition.topic(), partition.partition());
    }

    private void reads(String process, boolean readCommitted, List<TopicPartition> partitions,
            long deadlineNs) {
        Tape looks = recorder.process(process + "-ends");
        try (Consumer<String, String> reader = desk.consumer(recorder.process(process), null, readCommitted);
                Consumer<String, String> stable = desk.consumer(looks, null, true);
                Consumer<String, String> high = desk.consumer(looks, null, false)) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            stable.endOffsets(partitions);
            Map<TopicPartition, Long> ends = high.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends
                    .get(partition))) {
                reader.poll(POLL);
                if (System.nanoTime() > deadlineNs) return;
            }
        }
    }

    /** Looks at where a group stands. */
    Aftermath stands(String group, List<TopicPartition> partitions) {
        insist((life, deadlineNs) -> {
            try (Consumer<String, String> member = desk.consumer(recorder.process(READER), group, true)) {
                member.committed(new LinkedHashSet<>(partitions));
            }
        });
        return this;
    }

    /** What is tried again while the broker heals. */
    interface Attempt {
        /** @param life from 1 */
        void make(int life, long deadlineNs);
    }

    /** @throws IllegalStateException it did not heal in time */
    void insist(Attempt attempt) {
        long deadlineNs = System.nanoTime() + plan.healing().toNanos();
        for (int life = 1;; life++) {
            try {
                attempt.make(life, deadlineNs);
                return;
            } catch (KafkaException failed) {
                if (System.nanoTime() < deadlineNs) continue;
                throw new IllegalStateException("the broker did not heal within " + plan.healing() + ": "
                        + failed, failed);
            }
        }
    }
}
