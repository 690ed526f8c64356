package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Topics of a workload: created, and deleted when it closes. Stateless. */
final class Topics {
    private Topics() {
    }

    static void create(Contender contender, String name, int partitions) {
        ask(contender, admin -> {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
            // Apache Kafka answers before its partitions lead. Who writes then has a first batch refused and
            // a later one taken, and OUT_OF_ORDER_SEQUENCE_NUMBER for two minutes.
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (TopicPartition one : partitions(name, partitions)) ends.put(one, OffsetSpec.latest());
            admin.listOffsets(ends).all().get();
        });
    }

    static void delete(Contender contender, String... names) {
        ask(contender, admin -> admin.deleteTopics(List.of(names)).all().get());
    }

    static List<TopicPartition> partitions(String topic, int count) {
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < count; partition++) {
            all.add(new TopicPartition(topic, partition));
        }
        return all;
    }

    private interface Question {
        void ask(Admin admin) throws InterruptedException, ExecutionException;
    }

    private static void ask(Contender contender, Question question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", contender.bootstrap()))) {
            question.ask(admin);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(contender.name() + ": " + failure.getCause().getMessage(),
                    failure.getCause());
        }
    }
}
