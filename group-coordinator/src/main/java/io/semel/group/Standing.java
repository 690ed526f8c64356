package io.semel.group;

import io.semel.group.assign.Assignment;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a member of a KIP-848 group holds. Whatever is assigned or awaits revocation is held by it, and
 * nobody else gets it. Immutable.
 *
 * @param epoch         what its heartbeats must tell; {@link #LEFT_FOR_NOW} for a static member that is away
 * @param previousEpoch accepted too, should the answer with the new one have been lost
 * @param assigned      what it may read
 * @param pending       what it must give up
 * @param since         the epoch at which it got each partition it holds: older commits of it are a zombie's
 *                      (KIP-1251)
 */
record Standing(int epoch, int previousEpoch, MemberPhase phase, Assignment assigned, Assignment pending,
                SortedMap<UUID, SortedMap<Integer, Integer>> since) {
    /** Says in a heartbeat that the member leaves. */
    static final int LEAVES = -1;
    /** Says that a static member leaves and means to come back (KIP-848). */
    static final int LEFT_FOR_NOW = -2;
    static final Standing NEW = new Standing(0, 0, MemberPhase.STABLE, Assignment.NONE, Assignment.NONE,
            new TreeMap<>());

    /** Moves on to what is held now; what it had keeps its epoch, the rest came with this one. */
    Standing next(int newEpoch, MemberPhase newPhase, Assignment newAssigned, Assignment newPending) {
        SortedMap<UUID, SortedMap<Integer, Integer>> newSince = new TreeMap<>();
        newAssigned.plus(newPending).forEach((topicId, partition) -> {
            int had = sinceOf(topicId, partition);
            newSince.computeIfAbsent(topicId, id -> new TreeMap<>())
                    .put(partition, had < 0 ? newEpoch : had);
        });
        return new Standing(newEpoch, newEpoch == epoch ? previousEpoch : epoch, newPhase, newAssigned,
                newPending, newSince);
    }

    /** A classic generation as a standing. */
    static Standing stable(int epoch, Assignment assigned) {
        Standing standing = NEW.next(epoch, MemberPhase.STABLE, assigned, Assignment.NONE);
        return new Standing(epoch, epoch, MemberPhase.STABLE, assigned, Assignment.NONE, standing.since);
    }

    Standing leftForNow() {
        return next(LEFT_FOR_NOW, phase, assigned, Assignment.NONE);
    }

    /** Under another id: it joins anew, and keeps what it holds. */
    Standing rejoined() {
        return new Standing(0, 0, MemberPhase.STABLE, assigned, Assignment.NONE, since);
    }

    /** The epoch at which it got the partition, -1 when it does not hold it. */
    int sinceOf(UUID topicId, int partition) {
        SortedMap<Integer, Integer> ofTopic = since.get(topicId);
        Integer epochThen = ofTopic == null ? null : ofTopic.get(partition);
        return epochThen == null ? -1 : epochThen;
    }

    Assignment held() {
        return assigned.plus(pending);
    }
}
