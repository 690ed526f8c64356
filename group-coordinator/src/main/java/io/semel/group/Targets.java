package io.semel.group;

import io.semel.group.assign.Assignment;
import io.semel.group.assign.Assignor;
import io.semel.group.assign.Assignors;
import io.semel.group.assign.Subscriber;
import io.semel.group.assign.TopicFacts;
import io.semel.group.assign.TopicView;
import io.semel.group.base.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What all members of a KIP-848 group are to own. Stateless. */
final class Targets {
    private Targets() {
    }

    /** @param before what each was to own so far */
    static SortedMap<String, Assignment> of(Collection<ConsumerMember> members,
            SortedMap<String, Assignment> before, SortedMap<String, SortedSet<String>> resolved,
            TopicView topics) {
        List<Subscriber> subscribers = new ArrayList<>(members.size());
        SortedMap<UUID, Integer> partitionCounts = new TreeMap<>();
        for (ConsumerMember member : members) {
            SortedSet<UUID> ids = new TreeSet<>();
            for (String name : topicsOf(member, resolved)) {
                TopicFacts facts = topics.named(name);
                if (facts == null) continue;
                ids.add(facts.id());
                partitionCounts.put(facts.id(), facts.partitions());
            }
            subscribers.add(new Subscriber(member.memberId(), member.instanceId(), ids,
                    before.getOrDefault(member.memberId(), Assignment.NONE)));
        }
        return preferred(members).assign(subscribers, partitionCounts);
    }

    /** The assignor that most members name, the first by name of several; members need not name one. */
    static Assignor preferred(Collection<ConsumerMember> members) {
        SortedMap<String, Integer> votes = new TreeMap<>();
        for (ConsumerMember member : members) {
            if (member.assignor() != null) votes.merge(member.assignor(), 1, Integer::sum);
        }
        Assignor chosen = Assignors.byDefault();
        int most = 0;
        for (Map.Entry<String, Integer> each : votes.entrySet()) {
            Assignor named = Assignors.named(each.getKey());
            if (named == null || each.getValue() <= most) continue;
            most = each.getValue();
            chosen = named;
        }
        return chosen;
    }

    /** Changes when a topic that somebody subscribes to comes, goes, or gets partitions. */
    static long hash(Collection<ConsumerMember> members, SortedMap<String, SortedSet<String>> resolved,
            TopicView topics) {
        SortedSet<String> names = new TreeSet<>();
        for (ConsumerMember member : members) names.addAll(topicsOf(member, resolved));
        Digest digest = new Digest();
        for (String name : names) {
            TopicFacts facts = topics.named(name);
            if (facts == null) continue;
            digest.add(name).add(facts.id().getMostSignificantBits())
                    .add(facts.id().getLeastSignificantBits()).add(facts.partitions());
        }
        return digest.value();
    }

    private static SortedSet<String> topicsOf(ConsumerMember member,
            SortedMap<String, SortedSet<String>> resolved) {
        SortedSet<String> matched = member.expression() == null ? null : resolved.get(member.expression());
        if (matched == null || matched.isEmpty()) return member.topics();
        SortedSet<String> all = new TreeSet<>(member.topics());
        all.addAll(matched);
        return all;
    }
}
