package io.semel.group.streams;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a member holds. Whatever is assigned or awaits revocation is held by it. Immutable.
 *
 * @param epoch         what its heartbeats must tell
 * @param previousEpoch accepted too, should the answer with the new one have been lost
 * @param assigned      what it may run
 * @param pending       what it must give up
 * @param since         the epoch at which it got each active task it holds: older commits for it are a
 *                      zombie's
 */
record TaskStanding(int epoch, int previousEpoch, TaskPhase phase, Share assigned, Share pending,
                    SortedMap<TaskId, Integer> since) {
    static final TaskStanding NEW = new TaskStanding(0, 0, TaskPhase.STABLE, Share.NONE, Share.NONE,
            new TreeMap<>());

    TaskStanding {
        since = Collections.unmodifiableSortedMap(new TreeMap<>(since));
    }

    /** Moves on to what is held now; an active task it had keeps its epoch, the rest came with this one. */
    TaskStanding next(int newEpoch, TaskPhase newPhase, Share newAssigned, Share newPending) {
        SortedMap<TaskId, Integer> newSince = new TreeMap<>();
        for (TaskId task : newAssigned.active().plus(newPending.active()).ids()) {
            newSince.put(task, since.getOrDefault(task, newEpoch));
        }
        return new TaskStanding(newEpoch, newEpoch == epoch ? previousEpoch : epoch, newPhase, newAssigned,
                newPending, newSince);
    }

    /** The epoch at which it got the active task, -1 when it does not hold it. */
    int sinceOf(TaskId task) {
        return since.getOrDefault(task, -1);
    }

    Share held() {
        return assigned.plus(pending);
    }
}
