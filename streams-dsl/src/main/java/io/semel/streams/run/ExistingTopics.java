package io.semel.streams.run;

import io.semel.streams.task.ChosenTopics;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.StoreSpec;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;

/**
 * A chosen topic must exist, as those that are named at the start, and be none of the application's own. One
 * that exists is asked for once. Its partition count does not matter: nothing behind it is co-partitioned.
 * Owned by the host's thread.
 */
final class ExistingTopics implements ChosenTopics {
    private final String app;
    private final TopicDesk topics;
    private final Set<String> known = new TreeSet<>();
    private final TreeMap<String, String> own = new TreeMap<>();

    ExistingTopics(Graph graph, TopicDesk topics) {
        this.app = graph.name();
        this.topics = topics;
        graph.viaTopics().forEach(topic -> own.put(topic, "a repartition topic"));
        graph.subTopologies().forEach(sub -> sub.stores().stream().filter(spec -> !spec.isTable())
                .map((StoreSpec spec) -> spec.logTopic(app))
                .forEach(topic -> own.put(topic, "a store's changelog")));
    }

    @Override
    public void require(String topic) {
        if (known.contains(topic)) {
            return;
        }
        if (own.containsKey(topic)) {
            throw new IllegalArgumentException("the function given to to(...) chose '" + topic
                    + "', which is " + own.get(topic) + " of application '" + app
                    + "' itself: choose a topic of your own");
        }
        if (!exists(topic)) {
            throw new IllegalArgumentException("the function given to to(...) chose topic '" + topic
                    + "', which does not exist: create it, with as many partitions as you like, or correct"
                    + " the function");
        }
        known.add(topic);
    }

    private boolean exists(String topic) {
        try {
            return topics.partitionCounts(Set.of(topic)).containsKey(topic);
        } catch (InvalidTopicException refused) {
            return false;
        } catch (KafkaException unanswered) {
            throw new Unanswered(topic, unanswered);
        }
    }
}
