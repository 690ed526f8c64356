package io.semel.streams.run;

import io.semel.streams.task.StoreView;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.TopicPartition;

/** The committed state of every store this instance owns, as of its last commit. Any thread may ask. */
final class StoreViews {
    private final ConcurrentSkipListMap<String, ConcurrentSkipListMap<Integer, StoreView>> views =
            new ConcurrentSkipListMap<>();

    void show(TopicPartition log, StoreView view) {
        views.computeIfAbsent(log.topic(), topic -> new ConcurrentSkipListMap<>()).put(log.partition(), view);
    }

    void hide(TopicPartition log) {
        ConcurrentSkipListMap<Integer, StoreView> partitions = views.get(log.topic());
        if (partitions != null) {
            partitions.remove(log.partition());
        }
    }

    /** The partitions of the store folded from {@code logTopic} that are owned now, in order. */
    List<StoreView> of(String logTopic) {
        ConcurrentSkipListMap<Integer, StoreView> partitions = views.get(logTopic);
        return partitions == null ? List.of() : List.copyOf(partitions.values());
    }
}
