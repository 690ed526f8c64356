package io.semel.streams.run;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.StreamsError.PoisonRecord;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.task.ChosenTopics.Unanswered;
import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.TaskCycle;
import io.semel.streams.task.TaskTurn;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan.Missing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** What cannot be checked at the start, because a function chooses the topic, is told when it goes wrong. */
class ChosenTopicTest {
    private static final Topic<String, String> IN = Topic.of("in", Serdes.string(), Serdes.string());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    private final Map<String, Integer> existing = new TreeMap<>(Map.of("in", 1, "there", 3));
    private boolean silent;
    private int asked;

    @Test
    void sendsToATopicThatExistsAndAsksForItOnce() {
        TaskCycle cycle = cycle(false);

        assertEquals("there", turn(cycle, "there").outputs().get(0).topic());
        turn(cycle, "there");

        assertEquals(1, asked);
    }

    @Test
    void saysWhichTopicOfWhichStepAndRecordDoesNotExist() {
        PoisonRecord poison = assertThrows(PoisonRecord.class, () -> turn(cycle(false), "nowhere"));

        assertTrue(poison.getMessage().contains("to(chosen)' refused the record at in-0@7"),
                poison.getMessage());
        assertTrue(poison.getMessage().contains("chose topic 'nowhere', which does not exist: create it"),
                poison.getMessage());
    }

    @Test
    void goesOnWithItOnceItIsCreated() {
        TaskCycle cycle = cycle(false);
        assertThrows(PoisonRecord.class, () -> turn(cycle, "nowhere"));
        cycle.drop();
        existing.put("nowhere", 1);

        assertEquals("nowhere", turn(cycle, "nowhere").outputs().get(0).topic());
    }

    @Test
    void buriesItsRecordIfTheStepRecovers() {
        TaskCycle cycle = cycle(true);

        TaskTurn turn = turn(cycle, "nowhere");

        assertEquals(List.of("in-dlq"), turn.outputs().stream().map(output -> output.topic()).toList());
        assertEquals(1, cycle.seal().deadLetters());
    }

    @Test
    void refusesWhatIsNoNameNoTopicOrTheApplicationsOwn() {
        assertRefused("no/name", "topic name 'no/name' is not 1 to 200 of letters");
        assertRefused("", "topic name '' is not 1 to 200 of letters");
        assertRefused("null", "chose no topic but null");
        assertRefused("app-count-changelog", "which is a store's changelog of application 'app' itself");
    }

    /** No fault of the record: nothing is buried, the host tries again. */
    @Test
    void healsWhenTheClusterDoesNotSay() {
        silent = true;

        Unanswered unanswered = assertThrows(Unanswered.class, () -> turn(cycle(true), "there"));

        assertTrue(Triage.judge(unanswered).heals());
        assertFalse(unanswered.getMessage().isEmpty());
    }

    private void assertRefused(String chosen, String why) {
        existing.put(chosen, 1);
        PoisonRecord poison = assertThrows(PoisonRecord.class, () -> turn(cycle(false), chosen));
        assertTrue(poison.getMessage().contains(why), poison.getMessage());
    }

    private TaskCycle cycle(boolean recovers) {
        Graph graph = Topology.of("app", s -> {
            var in = s.from(IN);
            in.count(COUNT);
            if (recovers) s.recover(retry(0), dlq("in-dlq"));
            in.to((key, value) -> value.equals("null") ? null : topic(value));
        }).graph();
        return new TaskCycle("app", graph.subTopologies().get(0), 0, spec -> new MemoryBase(),
                new ExistingTopics(graph, new Desk()));
    }

    private static Topic<String, String> topic(String name) {
        return Topic.of(name, Serdes.string(), Serdes.string());
    }

    private static TaskTurn turn(TaskCycle cycle, String value) {
        return cycle.turn(List.of(List.of(new ConsumerRecord<>("in", 0, 7,
                "k".getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8)))), 0);
    }

    /** Knows what exists, or says nothing. */
    private final class Desk implements TopicDesk {
        @Override
        public Map<String, Integer> partitionCounts(Set<String> topics) {
            asked++;
            if (silent) throw new TimeoutException("no answer");
            Map<String, Integer> known = new TreeMap<>(existing);
            known.keySet().retainAll(topics);
            return known;
        }

        @Override
        public Map<String, String> ids(Set<String> topics) {
            return Map.of();
        }

        @Override
        public void create(List<Missing> topics) {
            throw new AssertionError("nothing is created: " + topics);
        }

        @Override
        public Map<TopicPartition, Long> highWatermarks(Collection<TopicPartition> partitions) {
            return Map.of();
        }

        @Override
        public Map<TopicPartition, Long> stableEnds(Collection<TopicPartition> partitions) {
            return Map.of();
        }

        @Override
        public void close() {
        }
    }
}
