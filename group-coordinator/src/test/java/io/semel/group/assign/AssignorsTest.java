package io.semel.group.assign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor;
import org.apache.kafka.coordinator.group.api.assignor.GroupSpec;
import org.apache.kafka.coordinator.group.api.assignor.MemberAssignment;
import org.apache.kafka.coordinator.group.api.assignor.MemberSubscription;
import org.apache.kafka.coordinator.group.api.assignor.SubscribedTopicDescriber;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;
import org.junit.jupiter.api.Test;

/** The server-side assignors beside Apache Kafka's own, over random lives of groups. */
class AssignorsTest {
    private static final int SEEDS = 300 * Integer.getInteger("semel.scale", 1);
    private static final int CHANGES = 8;

    /** A group whose members and topics change; assignments are those of the assignor under test. */
    private static final class Life {
        private final Random random;
        private final boolean alike;
        private final SortedMap<UUID, Integer> topics = new TreeMap<>();
        private final SortedMap<String, TreeSet<UUID>> subscriptions = new TreeMap<>();
        private SortedMap<String, Assignment> assigned = new TreeMap<>();

        Life(long seed) {
            random = new Random(seed);
            alike = random.nextBoolean();
            for (int topic = 0; topic < 1 + random.nextInt(4); topic++) {
                topics.put(new UUID(random.nextLong(), topic), 1 + random.nextInt(9));
            }
            change();
        }

        void change() {
            for (int index = 0; index < 8; index++) {
                String member = "m" + index;
                if (random.nextInt(3) > 0 && !subscriptions.isEmpty()) continue;
                if (subscriptions.containsKey(member) && subscriptions.size() > 1) {
                    subscriptions.remove(member);
                    continue;
                }
                TreeSet<UUID> of = new TreeSet<>(topics.keySet());
                if (!alike) of.removeIf(topic -> random.nextInt(3) == 0);
                subscriptions.put(member, of);
            }
            if (random.nextInt(3) == 0) topics.replaceAll((topic, count) -> count + random.nextInt(3));
        }

        List<Subscriber> members() {
            List<Subscriber> members = new ArrayList<>();
            subscriptions.forEach((id, of) -> members.add(new Subscriber(id,
                    id.hashCode() % 3 == 0 ? "i" + (9 - id.charAt(1)) : null, of,
                    assigned.getOrDefault(id, Assignment.NONE))));
            return members;
        }

        SortedMap<UUID, Integer> counts() {
            SortedMap<UUID, Integer> counts = new TreeMap<>(topics);
            counts.keySet().removeIf(topic -> subscriptions.values().stream()
                    .noneMatch(of -> of.contains(topic)));
            return counts;
        }

        int moved(SortedMap<String, Assignment> next) {
            int moved = 0;
            for (String member : next.keySet()) {
                moved += next.get(member).without(assigned.getOrDefault(member, Assignment.NONE)).size();
            }
            return moved;
        }
    }

    @Test
    void uniformIsCompleteEvenAndMovesNoMoreThanKafkas() {
        long ours = 0;
        long kafkas = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Life life = new Life(seed);
            for (int change = 0; change < CHANGES; change++) {
                SortedMap<String, Assignment> next = new UniformAssignor().assign(life.members(),
                        life.counts());
                SortedMap<String, Assignment> kafka = kafka(
                        new org.apache.kafka.coordinator.group.assignor.UniformAssignor(), life);
                String where = "seed " + seed + ", change " + change;
                assertComplete(where, life, next);
                assertNoMoveWouldHelp(where, life, next);
                if (life.alike) assertTrue(life.moved(next) <= life.moved(kafka), where);
                ours += life.moved(next);
                kafkas += life.moved(kafka);
                life.assigned = next;
                life.change();
            }
        }
        assertTrue(ours <= kafkas, ours + " moves, Kafka makes " + kafkas);
    }

    @Test
    void rangeIsKafkas() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Life life = new Life(seed);
            for (int change = 0; change < CHANGES; change++) {
                SortedMap<String, Assignment> next = new RangeAssignor().assign(life.members(),
                        life.counts());

                assertComplete("seed " + seed, life, next);
                assertEquals(kafka(new org.apache.kafka.coordinator.group.assignor.RangeAssignor(), life),
                        next, "seed " + seed);
                life.assigned = next;
                life.change();
            }
        }
    }

    private static void assertComplete(String where, Life life, SortedMap<String, Assignment> next) {
        Assignment all = Assignment.NONE;
        for (Map.Entry<String, Assignment> each : next.entrySet()) {
            assertTrue(all.isApartFrom(each.getValue()), where);
            assertTrue(life.subscriptions.get(each.getKey())
                    .containsAll(each.getValue().partitions().keySet()), where);
            all = all.plus(each.getValue());
        }
        assertEquals(life.counts().values().stream().mapToInt(Integer::intValue).sum(), all.size(), where);
        assertEquals(life.subscriptions.keySet(), next.keySet(), where);
    }

    private static void assertNoMoveWouldHelp(String where, Life life, SortedMap<String, Assignment> next) {
        next.forEach((owner, assigned) -> assigned.partitions().keySet().forEach(topic ->
                life.subscriptions.forEach((other, of) -> {
            if (!of.contains(topic)) return;
            assertTrue(assigned.size() <= next.get(other).size() + 1, where + ": " + owner + " has "
                    + assigned.size() + ", " + other + " " + next.get(other).size());
        })));
    }

    private static SortedMap<String, Assignment> kafka(ConsumerGroupPartitionAssignor assignor, Life life) {
        Map<Uuid, Integer> counts = new HashMap<>();
        life.counts().forEach((topic, count) -> counts.put(wire(topic), count));
        SortedMap<String, Assignment> assigned = new TreeMap<>();
        assignor.assign(new Spec(life), new SubscribedTopicDescriber() {
            @Override
            public int numPartitions(Uuid topic) {
                return counts.getOrDefault(topic, -1);
            }

            @Override
            public Set<String> racksForPartition(Uuid topic, int partition) {
                return Set.of();
            }
        }).members().forEach((member, of) -> {
            Assignment.Draft draft = new Assignment.Draft();
            of.partitions().forEach((topic, partitions) -> partitions.forEach(partition ->
                    draft.add(ours(topic), partition)));
            assigned.put(member, draft.done());
        });
        return assigned;
    }

    private static Uuid wire(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static UUID ours(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** The group as Kafka's assignors want it. */
    private record Spec(Life life) implements GroupSpec {
        @Override
        public Collection<String> memberIds() {
            return life.subscriptions.keySet();
        }

        @Override
        public SubscriptionType subscriptionType() {
            return life.alike ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
        }

        @Override
        public boolean isPartitionAssigned(Uuid topic, int partition) {
            return memberIds().stream().anyMatch(member ->
                    life.assigned.getOrDefault(member, Assignment.NONE).has(ours(topic), partition));
        }

        @Override
        public boolean isPartitionAssignable(Uuid topic, int partition) {
            return true;
        }

        @Override
        public MemberSubscription memberSubscription(String memberId) {
            Subscriber member = life.members().stream().filter(one -> one.memberId().equals(memberId))
                    .findFirst().orElseThrow();
            Set<Uuid> topics = new HashSet<>();
            member.topics().forEach(topic -> topics.add(wire(topic)));
            return new MemberSubscription() {
                @Override
                public Optional<String> rackId() {
                    return Optional.empty();
                }

                @Override
                public Optional<String> instanceId() {
                    return Optional.ofNullable(member.instanceId());
                }

                @Override
                public Set<Uuid> subscribedTopicIds() {
                    return topics;
                }
            };
        }

        @Override
        public MemberAssignment memberAssignment(String memberId) {
            Map<Uuid, Set<Integer>> partitions = new HashMap<>();
            life.assigned.getOrDefault(memberId, Assignment.NONE).forEach((topic, partition) ->
                    partitions.computeIfAbsent(wire(topic), id -> new HashSet<>()).add(partition));
            return () -> Collections.unmodifiableMap(partitions);
        }
    }
}
