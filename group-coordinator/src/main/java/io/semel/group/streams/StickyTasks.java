package io.semel.group.streams;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Who is to run which tasks. Active ones are even (members differ by one at most) and stay where they were,
 * else go where a copy of their state is, else to the process with the least to do. Copies go to processes
 * that have nothing of the task, to those first that have had it. Used once.
 */
final class StickyTasks {
    private final SortedMap<String, Candidate> candidates = new TreeMap<>();
    private final SortedMap<String, Process> processes = new TreeMap<>();
    private final SortedMap<TaskId, List<Candidate>> ranBefore = new TreeMap<>();
    private final SortedMap<TaskId, List<Candidate>> copiedBefore = new TreeMap<>();
    private int membersWithMore;

    /** A member and what it gets. */
    private static final class Candidate {
        private final Process process;
        private final SortedSet<TaskId> active = new TreeSet<>();
        private final SortedSet<TaskId> standby = new TreeSet<>();

        Candidate(Process process) {
            this.process = process;
        }

        int size() {
            return active.size() + standby.size();
        }
    }

    /** Members that share a state directory. */
    private static final class Process {
        private final SortedSet<TaskId> tasks = new TreeSet<>();
        private int members;

        double load() {
            return (double) tasks.size() / members;
        }
    }

    private StickyTasks(Collection<StreamsMember> members, SortedMap<String, Share> before) {
        for (StreamsMember member : members) {
            Process process = processes.computeIfAbsent(member.processId(), id -> new Process());
            process.members++;
            Candidate candidate = new Candidate(process);
            candidates.put(member.memberId(), candidate);
            Share had = before.getOrDefault(member.memberId(), Share.NONE);
            note(ranBefore, had.active(), candidate);
            note(copiedBefore, had.copies(), candidate);
        }
    }

    private static void note(SortedMap<TaskId, List<Candidate>> before, Tasks tasks, Candidate candidate) {
        for (TaskId task : tasks.ids()) before.computeIfAbsent(task, id -> new ArrayList<>()).add(candidate);
    }

    /**
     * @param before   what each was to have so far
     * @param tasks    all of them
     * @param stateful those of them that have copies
     * @param copies   how many
     */
    static SortedMap<String, Share> assign(Collection<StreamsMember> members, SortedMap<String, Share> before,
            List<TaskId> tasks, List<TaskId> stateful, int copies) {
        StickyTasks assigning = new StickyTasks(members, before);
        if (!members.isEmpty()) {
            assigning.assignActive(tasks);
            assigning.assignCopies(stateful, copies);
        }
        SortedMap<String, Share> shares = new TreeMap<>();
        assigning.candidates.forEach((memberId, candidate) -> shares.put(memberId, new Share(
                Tasks.of(candidate.active), Tasks.of(candidate.standby), Tasks.NONE)));
        return shares;
    }

    // Active

    private void assignActive(List<TaskId> tasks) {
        int fewest = tasks.size() / candidates.size();
        membersWithMore = tasks.size() % candidates.size();
        List<TaskId> left = new ArrayList<>(tasks);
        left.sort(Comparator.comparing(TaskId::partition).thenComparing(TaskId::subtopology));
        left.removeIf(task -> takeActive(task, fewest, of(ranBefore, task)));
        left.removeIf(task -> takeActive(task, fewest, of(copiedBefore, task)));
        left.sort(Comparator.naturalOrder());
        for (TaskId task : left) takeActive(task, fewest, candidates.values());
    }

    private static List<Candidate> of(SortedMap<TaskId, List<Candidate>> before, TaskId task) {
        return before.getOrDefault(task, List.of());
    }

    private boolean takeActive(TaskId task, int fewest, Collection<Candidate> wanted) {
        Candidate taker = leastLoaded(wanted, candidate -> candidate.active.size() < fewest
                || candidate.active.size() == fewest && membersWithMore > 0);
        if (taker == null) return false;
        if (taker.active.size() == fewest) membersWithMore--;
        taker.active.add(task);
        taker.process.tasks.add(task);
        return true;
    }

    // Copies

    private void assignCopies(List<TaskId> stateful, int copies) {
        int total = stateful.size() * copies;
        for (Candidate each : candidates.values()) total += each.active.size();
        int most = (total + candidates.size() - 1) / candidates.size();
        for (int copy = 0; copy < copies; copy++) {
            List<TaskId> left = new ArrayList<>(stateful);
            left.removeIf(task -> takeCopy(task, most, of(ranBefore, task))
                    || takeCopy(task, most, of(copiedBefore, task)));
            for (TaskId task : left) takeCopy(task, Integer.MAX_VALUE, candidates.values());
        }
    }

    /** No process has a task twice: where there are too few, there are fewer copies. */
    private boolean takeCopy(TaskId task, int most, Collection<Candidate> wanted) {
        Candidate taker = leastLoaded(wanted, candidate -> candidate.size() < most
                && !candidate.process.tasks.contains(task));
        if (taker == null) return false;
        taker.standby.add(task);
        taker.process.tasks.add(task);
        return true;
    }

    private static Candidate leastLoaded(Collection<Candidate> wanted, Predicate<Candidate> eligible) {
        Candidate least = null;
        for (Candidate candidate : wanted) {
            if (!eligible.test(candidate)) continue;
            if (least == null || isLess(candidate, least)) least = candidate;
        }
        return least;
    }

    private static boolean isLess(Candidate one, Candidate other) {
        int byProcess = Double.compare(one.process.load(), other.process.load());
        return byProcess != 0 ? byProcess < 0 : one.size() < other.size();
    }
}
