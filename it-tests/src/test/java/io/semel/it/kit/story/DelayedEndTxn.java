package io.semel.it.kit.story;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.faults.Fault;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.faults.Via;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The schedule of KAFKA-17754: the request to commit a first transaction is late, its client asks again and
 * is answered, begins a second transaction and writes, and only then the late request arrives. A broker that
 * takes it for the second transaction's end commits what that has written so far; the rest, and what its
 * client decides, is another matter. Against any broker; used by one thread.
 */
final class DelayedEndTxn {
    private final String bootstrap;
    private final int transactionVersion;
    private final Via via;
    private final Duration patience;
    private final String name;

    /**
     * @param transactionVersion the highest that clients are offered: 1 for the protocol before KIP-890
     * @param patience how long the late request may take to be answered, if it ever is
     */
    DelayedEndTxn(String bootstrap, int transactionVersion, Via via, Duration patience) {
        this.bootstrap = bootstrap;
        this.transactionVersion = transactionVersion;
        this.via = via;
        this.patience = patience;
        this.name = "delayed-" + transactionVersion + "-" + via.name().toLowerCase(Locale.ROOT);
    }

    /** Two transactions, the second aborted by its client; what everyone saw is checked. */
    Report run() {
        TopicPartition first = Workbench.at(bootstrap).topic(name + "-first");
        TopicPartition second = Workbench.at(bootstrap).topic(name + "-second");
        try (Recorder recorder = Recorder.inMemory()) {
            try (Faults faults = Faults.before(bootstrap).offerTransactionVersion(transactionVersion)) {
                writes(faults, recorder.process("writer"), first, second);
            }
            reads(recorder, List.of(first, second));
            return Checker.check(recorder.history());
        }
    }

    private void writes(Faults faults, Tape tape, TopicPartition first, TopicPartition second) {
        Workbench bench = Workbench.at(faults.bootstrap());
        try (Producer<String, String> producer = tape.producer(bench.producer(name, "transactional.id", name,
                "linger.ms", 0), name)) {
            producer.initTransactions();
            Fault late = faults.on(ApiKeys.END_TXN).forClient(name).times(1).beforeRequest()
                    .disconnectAndHoldUntil(faults.on(ApiKeys.PRODUCE).forClient(name), via);
            producer.beginTransaction();
            send(producer, first, "one");
            producer.commitTransaction();
            producer.beginTransaction();
            send(producer, first, "two");
            arrives(late);
            aborts(producer, second);
        }
    }

    /** It is answered, or its connection is closed for being late, which nobody tells. */
    private void arrives(Fault late) {
        try {
            late.awaitAnswers(1, patience);
        } catch (AssertionError unanswered) {
            late.disarm();
        }
    }

    /** A broker that has ended the transaction early may refuse its client now, who has nothing to lose. */
    private static void aborts(Producer<String, String> producer, TopicPartition second) {
        try {
            send(producer, second, "three");
            producer.abortTransaction();
        } catch (KafkaException refused) {
            producer.close(Duration.ZERO);
        }
    }

    private static void send(Producer<String, String> producer, TopicPartition to, String value) {
        producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value));
        producer.flush();
    }

    private void reads(Recorder recorder, List<TopicPartition> partitions) {
        Tape tape = recorder.process("reader");
        try (Consumer<String, String> reader = tape.consumer(Workbench.at(bootstrap).consumer(name
                + "-reader", "fetch.max.wait.ms", 10), true)) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(Duration.ofMillis(100));
            }
        }
        recorder.drained("reader", partitions.stream()
                .map(partition -> new Place(partition.topic(), partition.partition())).toList());
    }
}
