package io.semel.it.kit.story;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Faults;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** An engine, a proxy, a topic of two partitions and recorded clients. Used by the thread of the test. */
final class Scene implements AutoCloseable {
    static final String TOPIC = "scene";
    static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    final RunningEngine engine;
    final Faults faults;
    final Recorder recorder = Recorder.inMemory();

    Scene(RunningEngine engine) throws Exception {
        this.engine = engine;
        this.faults = Faults.before(engine.bootstrap(), 1);
        try (Admin admin = Workbench.at(engine.bootstrap()).admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
        }
    }

    /** Each record is a request of its own, several of them under way. */
    Producer<String, String> producer(String name, Object... settings) {
        Producer<String, String> real = Workbench.at(faults.bootstrap()).producer(name, settings);
        return recorder.process(name).producer(real, null);
    }

    /** @param process tells apart those who share a transactional id */
    Producer<String, String> transactional(String process, String id) {
        Tape tape = recorder.process(process);
        Producer<String, String> producer = tape.producer(Workbench.at(faults.bootstrap()).producer(process,
                "transactional.id", id, "linger.ms", 0, "transaction.timeout.ms", 20_000, "max.block.ms",
                20_000), id);
        producer.initTransactions();
        return producer;
    }

    Consumer<String, String> reader(String name, boolean readCommitted) {
        Consumer<String, String> reader = recorder.process(name).consumer(Workbench.at(engine.bootstrap())
                .consumer(name, "fetch.max.wait.ms", 10, "isolation.level",
                readCommitted ? "read_committed" : "read_uncommitted"), readCommitted);
        List<TopicPartition> both = List.of(FIRST, SECOND);
        reader.assign(both);
        reader.seekToBeginning(both);
        return reader;
    }

    static ProducerRecord<String, String> record(TopicPartition to, String value) {
        return new ProducerRecord<>(to.topic(), to.partition(), null, value);
    }

    /** Everything is read from the beginning once more, and what all of them saw is checked. */
    Report judged() {
        List<TopicPartition> both = List.of(FIRST, SECOND);
        try (Consumer<String, String> last = reader("last", true);
                Consumer<String, String> all = reader("all", false)) {
            for (Consumer<String, String> reader : List.of(all, last)) {
                Map<TopicPartition, Long> ends = reader.endOffsets(both);
                while (both.stream().anyMatch(one -> reader.position(one) < ends.get(one))) {
                    reader.poll(Duration.ofMillis(100));
                }
            }
        }
        recorder.drained("last", both.stream().map(one -> new Place(one.topic(), one.partition())).toList());
        return Checker.check(recorder.history());
    }

    @Override
    public void close() {
        try {
            faults.close();
        } finally {
            engine.close();
        }
    }
}
