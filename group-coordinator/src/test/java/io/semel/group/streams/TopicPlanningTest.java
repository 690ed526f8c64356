package io.semel.group.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.FixedTopics;
import io.semel.group.streams.StreamsStatus.Code;
import io.semel.group.streams.Topology.Copartition;
import io.semel.group.streams.Topology.Subtopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicPlanningTest {
    private static final FixedTopics NONE = FixedTopics.NONE;

    @Test
    void namesTheSourcesThatAreMissing() throws Exception {
        TopologyPlan plan = TopicPlanning.plan(new Topology(0, List.of(
                Topologies.reads("0", "a", "b", "c", "d", "e"))), NONE.with("c", 1));

        assertEquals(Code.MISSING_SOURCE_TOPICS, plan.problem().code());
        assertEquals("Source topics a, b, d and 1 additional topics are missing.", plan.problem().detail());
    }

    @Test
    void givesInternalTopicsThePartitionsOfWhatTheyAreMadeFrom() throws Exception {
        TopologyPlan plan = TopicPlanning.plan(Topologies.wordCount(), NONE.with("lines", 3));

        assertEquals(Map.of("0", 3, "1", 3), plan.tasks());
        assertEquals(Map.of("app-words", 3, "app-counts-changelog", 3), plan.partitions());
        assertEquals(Code.MISSING_INTERNAL_TOPICS, plan.problem().code());
        assertEquals(List.of("app-counts-changelog", "app-words"),
                plan.missing().stream().map(topic -> topic.name()).toList());
        assertEquals("compact", plan.missing().get(0).configs().get(0).value());

        FixedTopics all = NONE.with("lines", 3).with("app-words", 3).with("app-counts-changelog", 3);
        assertTrue(TopicPlanning.plan(Topologies.wordCount(), all).isReady());
    }

    @Test
    void takesTheCountAnApplicationAsksFor() throws Exception {
        Subtopology counts = new Subtopology("1", List.of(), List.of(), List.of(), List.of(),
                List.of(Topologies.topic("app-words", 5)), List.of());

        TopologyPlan plan = TopicPlanning.plan(new Topology(0, List.of(Topologies.splits(), counts)),
                NONE.with("lines", 2));

        assertEquals(Map.of("0", 2, "1", 5), plan.tasks());
    }

    @Test
    void refusesAnInternalTopicThatHasAnotherCount() throws Exception {
        TopologyPlan plan = TopicPlanning.plan(Topologies.wordCount(),
                NONE.with("lines", 3).with("app-words", 3).with("app-counts-changelog", 2));

        assertEquals(Code.INCORRECTLY_PARTITIONED_TOPICS, plan.problem().code());
        assertTrue(plan.problem().detail().contains("expected 3, found 2"), plan.problem().detail());
        assertTrue(plan.tasks().isEmpty());
    }

    @Test
    void partitionsAlikeWhatIsReadTogether() throws Exception {
        Topology flexible = new Topology(0, List.of(Topologies.splits(),
                Topologies.joins("1", "people", Topologies.topic("app-words", 0))));
        Topology fixed = new Topology(0, List.of(Topologies.splits(),
                Topologies.joins("1", "people", Topologies.topic("app-words", 4))));
        FixedTopics topics = NONE.with("lines", 2).with("people", 6);

        assertEquals(6, TopicPlanning.plan(flexible, topics).partitions().get("app-words"));
        TopologyPlan wrong = TopicPlanning.plan(fixed, topics);
        assertEquals(Code.INCORRECTLY_PARTITIONED_TOPICS, wrong.problem().code());
        assertTrue(wrong.problem().detail().contains("app-words"), wrong.problem().detail());
    }

    @Test
    void refusesSourcesThatDifferWhereTheyAreReadTogether() throws Exception {
        Subtopology join = new Subtopology("0", List.of("a", "b"), List.of(), List.of(), List.of(), List.of(),
                List.of(new Copartition(List.of((short) 0, (short) 1), List.of(), List.of())));

        TopologyPlan plan = TopicPlanning.plan(new Topology(0, List.of(join)),
                NONE.with("a", 1).with("b", 2));

        assertEquals(Code.INCORRECTLY_PARTITIONED_TOPICS, plan.problem().code());
        assertTrue(plan.problem().detail().contains("{a=1, b=2}"), plan.problem().detail());
    }

    @Test
    void aTopicThatIsNamedOverAndOverMakesNoMoreTasksThanThereMayBe() {
        List<Subtopology> many = new ArrayList<>();
        for (int id = 0; id < 1_000; id++) many.add(Topologies.reads("s" + id, "wide"));

        assertThrows(TopicPlanning.Impossible.class,
                () -> TopicPlanning.plan(new Topology(0, many), NONE.with("wide", 21)));
        many.add(Topologies.reads("one more", "wide"));
        assertTrue(BeatCheck.wrong(new Topology(0, many)).contains("at most 1000"));
    }

    @Test
    void cannotPlanWhatNobodyWritesOrWhatFeedsItself() {
        Subtopology loop = new Subtopology("1", List.of(), List.of(), List.of(), List.of("round"),
                List.of(Topologies.topic("round", 0)), List.of());
        Subtopology orphan = new Subtopology("1", List.of(), List.of(), List.of(), List.of(),
                List.of(Topologies.topic("never-written", 0)), List.of());

        for (Subtopology bad : List.of(loop, orphan)) {
            Topology topology = new Topology(0, List.of(Topologies.splits(), bad));
            assertThrows(TopicPlanning.Impossible.class,
                    () -> TopicPlanning.plan(topology, NONE.with("lines", 1)));
        }
    }
}
