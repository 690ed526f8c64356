package io.semel.it.kit.work;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** The partitions of a plan's topics. Stateless. */
final class Topics {
    private Topics() {
    }

    static List<TopicPartition> partitions(Plan plan, List<String> topics) {
        return topics.stream().flatMap(topic -> IntStream.range(0, plan.partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))).toList();
    }
}
