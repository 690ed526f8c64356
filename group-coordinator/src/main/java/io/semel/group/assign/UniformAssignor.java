package io.semel.group.assign;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Shares all partitions as evenly as subscriptions allow, and moves as few as that takes: members keep what
 * they had, what has no owner goes to the least loaded subscriber, then the most loaded give one partition at
 * a time to the least loaded, as long as that makes the two more even. Where all subscribe alike, loads
 * differ by at most one. Each move lowers the sum of the squared loads, so that it ends. Stateless.
 */
public final class UniformAssignor implements Assignor {
    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public SortedMap<String, Assignment> assign(List<Subscriber> members,
            SortedMap<UUID, Integer> partitionCounts) {
        Sharing sharing = new Sharing(members, partitionCounts);
        sharing.keep();
        sharing.place();
        sharing.level();
        return sharing.outcome();
    }

    /** One assignment in the making. */
    private static final class Sharing {
        private record Load(int count, int member) implements Comparable<Load> {
            @Override
            public int compareTo(Load other) {
                int byCount = Integer.compare(count, other.count);
                return byCount != 0 ? byCount : Integer.compare(member, other.member);
            }
        }

        private final List<Subscriber> members;
        private final SortedMap<UUID, Integer> partitionCounts = new TreeMap<>();
        private final SortedMap<UUID, Integer> sharers = new TreeMap<>();
        private final SortedMap<UUID, BitSet> taken = new TreeMap<>();
        private final List<SortedMap<UUID, TreeSet<Integer>>> owned = new ArrayList<>();
        private final int[] counts;
        private final TreeSet<Load> loads = new TreeSet<>();

        Sharing(List<Subscriber> members, SortedMap<UUID, Integer> partitionCounts) {
            this.members = members;
            counts = new int[members.size()];
            for (int index = 0; index < members.size(); index++) {
                owned.add(new TreeMap<>());
                loads.add(new Load(0, index));
                for (UUID topicId : members.get(index).topics()) sharers.merge(topicId, 1, Integer::sum);
            }
            partitionCounts.forEach((topicId, count) -> {
                if (!sharers.containsKey(topicId)) return;
                this.partitionCounts.put(topicId, count);
                taken.put(topicId, new BitSet(count));
            });
        }

        /** Who had a partition before keeps it, as long as it subscribes and nobody has it already. */
        void keep() {
            for (int index = 0; index < members.size(); index++) {
                Subscriber member = members.get(index);
                int owner = index;
                member.before().forEach((topicId, partition) -> {
                    BitSet ofTopic = taken.get(topicId);
                    if (ofTopic == null || partition >= partitionCounts.get(topicId)) return;
                    if (ofTopic.get(partition) || !member.topics().contains(topicId)) return;
                    give(owner, topicId, partition);
                });
            }
        }

        /** Topics with few subscribers first: the others have more to choose from. */
        void place() {
            List<UUID> topics = new ArrayList<>(partitionCounts.keySet());
            topics.sort(Comparator.<UUID, Integer>comparing(sharers::get)
                    .thenComparing(Comparator.naturalOrder()));
            for (UUID topicId : topics) {
                BitSet ofTopic = taken.get(topicId);
                int count = partitionCounts.get(topicId);
                for (int next = ofTopic.nextClearBit(0); next < count; next = ofTopic.nextClearBit(next)) {
                    give(leastLoaded(topicId), topicId, next);
                }
            }
        }

        void level() {
            boolean moved = true;
            while (moved) {
                moved = false;
                for (Load load : loads.descendingSet()) {
                    if (!giveOneAway(load.member)) continue;
                    moved = true;
                    break;
                }
            }
        }

        /** To the least loaded who subscribes to any of its topics, if that is two or more below. */
        private boolean giveOneAway(int giver) {
            UUID chosen = null;
            int taker = giver;
            for (UUID topicId : owned.get(giver).keySet()) {
                int least = leastLoaded(topicId);
                if (counts[least] >= counts[taker]) continue;
                taker = least;
                chosen = topicId;
            }
            if (chosen == null || counts[giver] <= counts[taker] + 1) return false;
            TreeSet<Integer> ofTopic = owned.get(giver).get(chosen);
            int partition = ofTopic.pollLast();
            if (ofTopic.isEmpty()) owned.get(giver).remove(chosen);
            load(giver, -1);
            give(taker, chosen, partition);
            return true;
        }

        private int leastLoaded(UUID topicId) {
            for (Load load : loads) {
                if (members.get(load.member).topics().contains(topicId)) return load.member;
            }
            throw new IllegalStateException("nobody subscribes to " + topicId);
        }

        private void give(int member, UUID topicId, int partition) {
            taken.get(topicId).set(partition);
            owned.get(member).computeIfAbsent(topicId, id -> new TreeSet<>()).add(partition);
            load(member, 1);
        }

        private void load(int member, int more) {
            loads.remove(new Load(counts[member], member));
            counts[member] += more;
            loads.add(new Load(counts[member], member));
        }

        SortedMap<String, Assignment> outcome() {
            SortedMap<String, Assignment> assigned = new TreeMap<>();
            for (int index = 0; index < members.size(); index++) {
                Assignment.Draft draft = new Assignment.Draft();
                for (Map.Entry<UUID, TreeSet<Integer>> topic : owned.get(index).entrySet()) {
                    topic.getValue().forEach(partition -> draft.add(topic.getKey(), partition));
                }
                assigned.put(members.get(index).memberId(), draft.done());
            }
            return assigned;
        }
    }
}
