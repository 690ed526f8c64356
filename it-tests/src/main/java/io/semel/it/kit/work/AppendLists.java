package io.semel.it.kit.work;

import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Jepsen's workload for Kafka: every partition is a list that transactions of one to four steps append to and
 * poll from, by assignment or by subscription. Stateless.
 */
public final class AppendLists implements Workload {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final int ABORT_ONE_IN = 12;

    @Override
    public String name() {
        return "append";
    }

    @Override
    public void run(Plan plan, Recorder recorder) {
        String topic = plan.name() + "-lists";
        String group = plan.name() + "-readers";
        Desk desk = new Desk(plan);
        desk.createTopics(List.of(topic));
        List<TopicPartition> partitions = Topics.partitions(plan, List.of(topic));
        List<String> ids = new ArrayList<>();
        Crew crew = new Crew(plan);
        for (int client = 0; client < plan.clients(); client++) {
            String id = plan.name() + "-append-" + client;
            ids.add(id);
            crew.works(client, (life, random) -> {
                Tape tape = recorder.process(id + "-" + life);
                boolean subscribes = plan.subscribe() && random.nextBoolean();
                return new Appender(desk, tape, id, subscribes ? group : null, partitions, random);
            });
        }
        crew.follows(-1, (life, random) -> Watch.open(desk, recorder, life, partitions));
        crew.finish();
        new Aftermath(plan, desk, recorder).fence(ids).drain(partitions).stands(group, partitions);
    }

    private static final class Appender implements Session {
        private final Producer<String, String> producer;
        private final Consumer<String, String> consumer;
        private final String process;
        private final boolean subscribes;
        private final List<TopicPartition> partitions;
        private final SplittableRandom random;
        private boolean reads;
        private int values;

        Appender(Desk desk, Tape tape, String id, String group, List<TopicPartition> partitions,
                SplittableRandom random) {
            this.process = tape.process();
            this.subscribes = group != null;
            this.partitions = partitions;
            this.random = random;
            this.producer = desk.producer(tape, id);
            this.consumer = desk.consumer(tape, group, true);
            try {
                producer.initTransactions();
                if (subscribes) consumer.subscribe(List.of(partitions.get(0).topic()));
                reads = subscribes;
            } catch (RuntimeException failed) {
                abandon();
                throw failed;
            }
        }

        @Override
        public void step() {
            if (!subscribes && (!reads || random.nextInt(16) == 0)) assigns();
            Map<TopicPartition, OffsetAndMetadata> read = new TreeMap<>(
                    java.util.Comparator.comparing(TopicPartition::toString));
            producer.beginTransaction();
            for (int steps = 1 + random.nextInt(4); steps > 0; steps--) {
                if (random.nextInt(3) == 0) polls(read);
                else sends();
            }
            if (subscribes && !read.isEmpty()) producer.sendOffsetsToTransaction(read, consumer
                    .groupMetadata());
            if (random.nextInt(ABORT_ONE_IN) == 0) producer.abortTransaction();
            else producer.commitTransaction();
        }

        private void sends() {
            TopicPartition list = partitions.get(random.nextInt(partitions.size()));
            producer.send(new ProducerRecord<>(list.topic(), list.partition(), null, process + "."
                    + ++values));
        }

        private void polls(Map<TopicPartition, OffsetAndMetadata> read) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                read.put(new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1));
            }
        }

        private void assigns() {
            List<TopicPartition> mine = new ArrayList<>(partitions);
            mine.removeIf(partition -> random.nextInt(3) == 0);
            if (mine.isEmpty()) mine.add(partitions.get(0));
            consumer.assign(mine);
            if (!reads || random.nextInt(4) == 0) consumer.seekToBeginning(mine);
            reads = true;
        }

        @Override
        public void abandon() {
            Closing.drop(producer);
            Closing.drop(consumer);
        }
    }
}
