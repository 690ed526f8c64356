package io.semel.group.streams;

import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import io.semel.group.streams.StreamsStatus.Code;
import io.semel.group.streams.Topology.Copartition;
import io.semel.group.streams.Topology.InternalTopic;
import io.semel.group.streams.Topology.Subtopology;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides how many partitions internal topics have (KIP-1071, as the client did before): a repartition topic
 * as many as it says, else as its writers' largest source; those that are read together alike; a changelog as
 * its subtopology has tasks. Used once.
 */
final class TopicPlanning {
    /** No counts can be decided for this topology, whatever topics there are (STREAMS_INVALID_TOPOLOGY). */
    static final class Impossible extends Exception {
        private static final long serialVersionUID = 1L;

        Impossible(String message) {
            super(message);
        }
    }

    /** The topics that there are do not fit. */
    private static final class Misfit extends Exception {
        private static final long serialVersionUID = 1L;

        Misfit(String message) {
            super(message);
        }
    }

    private static final String UNDECIDED =
            "Failed to compute number of partitions for all repartition topics";

    /** I14: whoever names one topic in many subtopologies asks for many tasks. */
    private static final int TASKS_MAX = 20_000;

    private final Topology topology;
    private final TopicView topics;
    private final SortedMap<String, Integer> decided = new TreeMap<>();
    private final SortedSet<String> fixed = new TreeSet<>();

    private TopicPlanning(Topology topology, TopicView topics) {
        this.topology = topology;
        this.topics = topics;
    }

    /** @throws Impossible if it contradicts itself */
    static TopologyPlan plan(Topology topology, TopicView topics) throws Impossible {
        return new TopicPlanning(topology, topics).plan();
    }

    private TopologyPlan plan() throws Impossible {
        SortedSet<String> missing = missingSources();
        if (!missing.isEmpty()) {
            return TopologyPlan.failed(new StreamsStatus(Code.MISSING_SOURCE_TOPICS,
                    "Source topics " + TopologyPlan.some(missing) + " are missing."));
        }
        try {
            decideRepartitionTopics();
            for (Subtopology each : topology.subtopologies()) {
                for (Copartition alike : each.alike()) align(each, alike);
            }
            SortedMap<String, Integer> tasks = new TreeMap<>();
            long all = 0;
            for (Subtopology each : topology.subtopologies()) {
                int count = largestRead(each);
                tasks.put(each.id(), count);
                all += count;
                for (InternalTopic changelog : each.changelogs()) decided.put(changelog.name(), count);
            }
            if (all > TASKS_MAX) {
                throw new Impossible(all + " tasks are too many: at most " + TASKS_MAX + " here.");
            }
            return withInternalTopics(tasks);
        } catch (Misfit misfit) {
            return TopologyPlan.failed(
                    new StreamsStatus(Code.INCORRECTLY_PARTITIONED_TOPICS, misfit.getMessage()));
        }
    }

    private SortedSet<String> missingSources() {
        SortedSet<String> missing = new TreeSet<>();
        for (Subtopology each : topology.subtopologies()) {
            for (String source : each.sources()) if (topics.named(source) == null) missing.add(source);
        }
        return missing;
    }

    /** In rounds, since one may feed another; each round decides one at least. */
    private void decideRepartitionTopics() throws Impossible {
        for (Subtopology each : topology.subtopologies()) {
            for (InternalTopic topic : each.repartitionSources()) {
                if (topic.partitions() == 0) continue;
                fixed.add(topic.name());
                decided.put(topic.name(), topic.partitions());
            }
        }
        int before;
        do {
            before = decided.size();
            for (Subtopology each : topology.subtopologies()) decideSinksOf(each);
        } while (decided.size() > before);
        for (Subtopology each : topology.subtopologies()) {
            for (String sink : each.repartitionSinks()) {
                if (!decided.containsKey(sink)) {
                    throw new Impossible(UNDECIDED + ". There may be loops in the topology that cannot be"
                            + " resolved.");
                }
            }
            for (InternalTopic topic : each.repartitionSources()) {
                if (!decided.containsKey(topic.name())) {
                    throw new Impossible(UNDECIDED + ", because a repartition source topic is never used as a"
                            + " sink topic.");
                }
            }
        }
    }

    private void decideSinksOf(Subtopology writer) {
        int largest = 0;
        for (String source : writer.sources()) largest = Math.max(largest, topics.named(source).partitions());
        for (InternalTopic topic : writer.repartitionSources()) {
            largest = Math.max(largest, decided.getOrDefault(topic.name(), 0));
        }
        if (largest == 0) return;
        for (String sink : writer.repartitionSinks()) decided.putIfAbsent(sink, largest);
    }

    /**
     * Topics that are read together get the count of those that others made, or of fixed ones, or the most.
     */
    private void align(Subtopology reader, Copartition alike) throws Misfit {
        SortedMap<String, Integer> given = new TreeMap<>();
        SortedMap<String, Integer> internal = new TreeMap<>();
        for (short place : alike.sources()) {
            String name = reader.sources().get(place);
            if (isInternal(name)) internal.put(name, countOf(name));
            else given.put(name, countOf(name));
        }
        for (short place : alike.repartitionSources()) {
            String name = reader.repartitionSources().get(place).name();
            internal.put(name, countOf(name));
        }
        if (given.isEmpty() && internal.isEmpty()) return;
        SortedMap<String, Integer> leading = given.isEmpty() ? only(internal, fixed) : given;
        if (new TreeSet<>(leading.values()).size() > 1) {
            throw new Misfit("Following topics do not have the same number of partitions: [" + leading + "]");
        }
        int count = leading.isEmpty() ? new TreeSet<>(internal.values()).last()
                : leading.values().iterator().next();
        for (String name : internal.keySet()) {
            if (fixed.contains(name) && internal.get(name) != count) {
                throw new Misfit("Number of partitions [" + internal.get(name) + "] of repartition topic ["
                        + name + "] doesn't match number of partitions [" + count + "] of the source topic.");
            }
            decided.put(name, count);
        }
    }

    private boolean isInternal(String name) {
        return decided.containsKey(name);
    }

    private static SortedMap<String, Integer> only(SortedMap<String, Integer> counts,
            SortedSet<String> names) {
        SortedMap<String, Integer> some = new TreeMap<>(counts);
        some.keySet().retainAll(names);
        return some;
    }

    private int largestRead(Subtopology reader) {
        int largest = 0;
        for (String name : reader.read()) largest = Math.max(largest, countOf(name));
        return largest;
    }

    /** Of what is there; else what was decided. */
    private int countOf(String name) {
        TopicFacts facts = topics.named(name);
        return facts != null ? facts.partitions() : decided.get(name);
    }

    private TopologyPlan withInternalTopics(SortedMap<String, Integer> tasks) throws Misfit {
        SortedMap<String, InternalTopic> missing = new TreeMap<>();
        for (Subtopology each : topology.subtopologies()) {
            List<InternalTopic> internal = new ArrayList<>(each.repartitionSources());
            internal.addAll(each.changelogs());
            for (InternalTopic topic : internal) {
                int count = topic.partitions() == 0 ? decided.get(topic.name()) : topic.partitions();
                TopicFacts facts = topics.named(topic.name());
                if (facts == null) {
                    missing.put(topic.name(), new InternalTopic(topic.name(), count,
                            topic.replicationFactor(), topic.configs()));
                } else if (facts.partitions() != count) {
                    throw new Misfit("Existing topic " + topic.name() + " has different number of partitions:"
                            + " expected " + count + ", found " + facts.partitions());
                }
            }
        }
        StreamsStatus problem = missing.isEmpty() ? null : new StreamsStatus(Code.MISSING_INTERNAL_TOPICS,
                "Internal topics are missing: " + TopologyPlan.some(new TreeSet<>(missing.keySet())));
        return new TopologyPlan(tasks, decided, List.copyOf(missing.values()), problem);
    }
}
