package io.semel.group.assign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Of each topic every subscriber gets one run of neighbours, the first of them one more where it does not
 * come out even; so topics of equal partition counts and subscribers are assigned alike, which joins rely on.
 * Static members come first, by instance id, so that a restart moves nothing. Stateless.
 */
public final class RangeAssignor implements Assignor {
    private static final Comparator<Subscriber> ORDER = Comparator
            .comparing(Subscriber::instanceId, Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(Subscriber::memberId);

    @Override
    public String name() {
        return "range";
    }

    @Override
    public SortedMap<String, Assignment> assign(List<Subscriber> members,
            SortedMap<UUID, Integer> partitionCounts) {
        List<Subscriber> inOrder = new ArrayList<>(members);
        inOrder.sort(ORDER);
        SortedMap<String, Assignment.Draft> drafts = new TreeMap<>();
        for (Subscriber member : inOrder) drafts.put(member.memberId(), new Assignment.Draft());
        for (Map.Entry<UUID, Integer> topic : partitionCounts.entrySet()) {
            List<Subscriber> sharers = new ArrayList<>();
            for (Subscriber member : inOrder) {
                if (member.topics().contains(topic.getKey())) sharers.add(member);
            }
            if (!sharers.isEmpty()) share(topic.getKey(), topic.getValue(), sharers, drafts);
        }
        SortedMap<String, Assignment> assigned = new TreeMap<>();
        drafts.forEach((memberId, draft) -> assigned.put(memberId, draft.done()));
        return assigned;
    }

    private static void share(UUID topicId, int partitions, List<Subscriber> sharers,
            SortedMap<String, Assignment.Draft> drafts) {
        int each = partitions / sharers.size();
        int withOneMore = partitions % sharers.size();
        int next = 0;
        for (int index = 0; index < sharers.size(); index++) {
            int end = next + each + (index < withOneMore ? 1 : 0);
            Assignment.Draft draft = drafts.get(sharers.get(index).memberId());
            while (next < end) draft.add(topicId, next++);
        }
    }
}
