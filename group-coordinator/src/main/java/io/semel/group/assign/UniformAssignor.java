package io.semel.group.assign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Shares all partitions as evenly as subscriptions allow, and moves as few as that takes: members keep what
 * they had, what has no owner goes to the least loaded subscriber, then partitions move one by one as long as
 * a move makes two members more even. Where all subscribe alike, loads differ by at most one. Each move
 * lowers the sum of the squared loads, so that it ends. Stateless.
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
        private static final int NOBODY = -1;

        private record Load(int count, int member) implements Comparable<Load> {
            @Override
            public int compareTo(Load other) {
                int byCount = Integer.compare(count, other.count);
                return byCount != 0 ? byCount : Integer.compare(member, other.member);
            }
        }

        private final List<Subscriber> members;
        private final SortedMap<UUID, int[]> owners = new TreeMap<>();
        private final SortedMap<UUID, Integer> sharers = new TreeMap<>();
        private final int[] counts;
        private final TreeSet<Load> loads = new TreeSet<>();

        Sharing(List<Subscriber> members, SortedMap<UUID, Integer> partitionCounts) {
            this.members = members;
            counts = new int[members.size()];
            for (Subscriber member : members) {
                for (UUID topicId : member.topics()) sharers.merge(topicId, 1, Integer::sum);
            }
            partitionCounts.forEach((topicId, count) -> {
                if (!sharers.containsKey(topicId)) return;
                int[] ofTopic = new int[count];
                java.util.Arrays.fill(ofTopic, NOBODY);
                owners.put(topicId, ofTopic);
            });
        }

        /** Who had a partition before keeps it, as long as it subscribes and nobody has it already. */
        void keep() {
            for (int index = 0; index < members.size(); index++) {
                Subscriber member = members.get(index);
                int owner = index;
                member.before().forEach((topicId, partition) -> {
                    int[] ofTopic = owners.get(topicId);
                    if (ofTopic == null || partition >= ofTopic.length) return;
                    if (ofTopic[partition] != NOBODY || !member.topics().contains(topicId)) return;
                    ofTopic[partition] = owner;
                    counts[owner]++;
                });
            }
            for (int index = 0; index < counts.length; index++) loads.add(new Load(counts[index], index));
        }

        /** Topics with few subscribers first: the others have more to choose from. */
        void place() {
            List<UUID> topics = new ArrayList<>(owners.keySet());
            topics.sort(Comparator.<UUID, Integer>comparing(sharers::get)
                    .thenComparing(Comparator.naturalOrder()));
            for (UUID topicId : topics) {
                int[] ofTopic = owners.get(topicId);
                for (int partition = 0; partition < ofTopic.length; partition++) {
                    if (ofTopic[partition] != NOBODY) continue;
                    int least = leastLoaded(topicId);
                    ofTopic[partition] = least;
                    load(least, 1);
                }
            }
        }

        void level() {
            boolean moved = true;
            while (moved) {
                moved = false;
                for (Map.Entry<UUID, int[]> topic : owners.entrySet()) {
                    moved |= level(topic.getKey(), topic.getValue());
                }
            }
        }

        private boolean level(UUID topicId, int[] ofTopic) {
            boolean moved = false;
            for (int partition = 0; partition < ofTopic.length; partition++) {
                int owner = ofTopic[partition];
                int least = leastLoaded(topicId);
                if (counts[owner] <= counts[least] + 1) continue;
                ofTopic[partition] = least;
                load(owner, -1);
                load(least, 1);
                moved = true;
            }
            return moved;
        }

        private int leastLoaded(UUID topicId) {
            for (Load load : loads) {
                if (members.get(load.member).topics().contains(topicId)) return load.member;
            }
            throw new IllegalStateException("nobody subscribes to " + topicId);
        }

        private void load(int member, int more) {
            loads.remove(new Load(counts[member], member));
            counts[member] += more;
            loads.add(new Load(counts[member], member));
        }

        SortedMap<String, Assignment> outcome() {
            List<Assignment.Draft> drafts = new ArrayList<>();
            for (int index = 0; index < members.size(); index++) drafts.add(new Assignment.Draft());
            owners.forEach((topicId, ofTopic) -> {
                for (int partition = 0; partition < ofTopic.length; partition++) {
                    drafts.get(ofTopic[partition]).add(topicId, partition);
                }
            });
            SortedMap<String, Assignment> assigned = new TreeMap<>();
            for (int index = 0; index < members.size(); index++) {
                assigned.put(members.get(index).memberId(), drafts.get(index).done());
            }
            return assigned;
        }
    }
}
