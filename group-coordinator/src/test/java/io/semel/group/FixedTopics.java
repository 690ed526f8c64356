package io.semel.group;

import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Topics that exist, for tests: an id follows from the name and how often it was made. Immutable. */
public final class FixedTopics implements TopicView {
    public static final FixedTopics NONE = new FixedTopics(new TreeMap<>());

    private final SortedMap<String, TopicFacts> byName;

    private FixedTopics(SortedMap<String, TopicFacts> byName) {
        this.byName = byName;
    }

    public FixedTopics with(String name, int partitions) {
        return with(name, partitions, 0);
    }

    public FixedTopics with(String name, int partitions, int incarnation) {
        SortedMap<String, TopicFacts> more = new TreeMap<>(byName);
        more.put(name, new TopicFacts(name, idOf(name, incarnation), partitions));
        return new FixedTopics(more);
    }

    public FixedTopics without(String name) {
        SortedMap<String, TopicFacts> fewer = new TreeMap<>(byName);
        fewer.remove(name);
        return new FixedTopics(fewer);
    }

    SortedMap<String, TopicFacts> all() {
        return byName;
    }

    static UUID idOf(String name, int incarnation) {
        return UUID.nameUUIDFromBytes((name + "#" + incarnation).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public TopicFacts named(String topic) {
        return byName.get(topic);
    }

    @Override
    public TopicFacts withId(UUID id) {
        for (TopicFacts facts : byName.values()) if (facts.id().equals(id)) return facts;
        return null;
    }

    @Override
    public SortedSet<String> matching(String expression) {
        SortedSet<String> matching = new TreeSet<>();
        for (String name : byName.keySet()) if (name.matches(expression)) matching.add(name);
        return matching;
    }
}
