package io.semel.streams.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * A classic group: members join, a generation begins when all have, range assignment, eviction of the silent.
 */
final class LogGroup {
    private final LogWorld world;
    private final TreeMap<String, Set<String>> subscriptions = new TreeMap<>();
    private final Set<String> joined = new TreeSet<>();
    private final Map<String, String> instances = new TreeMap<>();
    private final Map<String, List<String>> holders = new TreeMap<>();
    private Map<String, List<TopicPartition>> assignment = Map.of();
    private boolean preparing;
    private int generation;
    private int members;

    LogGroup(LogWorld world) {
        this.world = world;
    }

    int generation() {
        return generation;
    }

    boolean knows(String member) {
        return subscriptions.containsKey(member);
    }

    boolean isStable() {
        return !preparing;
    }

    /** Whether another process joined under this instance id since {@code member} did. */
    boolean isReplaced(String instance, String member) {
        return instance != null && instances.containsKey(instance) && !instances.get(instance).equals(member);
    }

    /** The members that joined under this instance id, one after the other. */
    List<String> holders(String instance) {
        return holders.getOrDefault(instance, List.of());
    }

    /** A new member; under an instance id that is known it takes over the place, without a rebalance. */
    String enter(String instance, Set<String> topics) {
        String member = "m" + String.format("%04d", ++members);
        String before = instance == null ? null : instances.put(instance, member);
        if (instance != null) {
            holders.computeIfAbsent(instance, first -> new ArrayList<>()).add(member);
        }
        if (before != null && subscriptions.containsKey(before)) {
            subscriptions.put(member, subscriptions.remove(before));
            Map<String, List<TopicPartition>> moved = new LinkedHashMap<>(assignment);
            if (moved.containsKey(before)) {
                moved.put(member, moved.remove(before));
            }
            assignment = moved;
            if (joined.remove(before)) {
                joined.add(member);
            }
            return member;
        }
        subscriptions.put(member, topics);
        prepare();
        return member;
    }

    /** A member that was evicted while it let its partitions go joins nothing. */
    void join(String member) {
        if (!subscriptions.containsKey(member)) {
            return;
        }
        joined.add(member);
        if (preparing && joined.containsAll(subscriptions.keySet())) {
            generation++;
            preparing = false;
            assignment = assign();
        }
    }

    List<TopicPartition> assignmentOf(String member) {
        return assignment.getOrDefault(member, List.of());
    }

    void leave(String member) {
        if (subscriptions.remove(member) != null) {
            instances.values().remove(member);
            joined.remove(member);
            prepare();
        }
    }

    /** Evicts everyone who did not join the generation that is being prepared. */
    void expireSilent() {
        if (preparing) {
            for (String member : List.copyOf(subscriptions.keySet())) {
                if (!joined.contains(member)) {
                    subscriptions.remove(member);
                    instances.values().remove(member);
                }
            }
            joined.stream().findFirst().ifPresent(this::join);
        }
    }

    List<String> members() {
        return List.copyOf(subscriptions.keySet());
    }

    private void prepare() {
        preparing = true;
        joined.clear();
    }

    private Map<String, List<TopicPartition>> assign() {
        Map<String, List<TopicPartition>> made = new LinkedHashMap<>();
        List<String> sorted = new ArrayList<>(subscriptions.keySet());
        sorted.forEach(member -> made.put(member, new ArrayList<>()));
        for (String topic : subscriptions.firstEntry().getValue()) {
            int count = world.counts.get(topic);
            int each = count / sorted.size();
            int rest = count % sorted.size();
            int next = 0;
            for (int m = 0; m < sorted.size(); m++) {
                for (int i = 0; i < each + (m < rest ? 1 : 0); i++) {
                    made.get(sorted.get(m)).add(new TopicPartition(topic, next++));
                }
            }
        }
        return made;
    }
}
