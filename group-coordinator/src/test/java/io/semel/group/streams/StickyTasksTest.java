package io.semel.group.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StickyTasksTest {
    private static final SortedMap<String, Share> NOTHING = new TreeMap<>();

    @Test
    void aTaskStaysWhereItWasAndMovesWhereACopyIs() {
        SortedMap<String, Share> before = new TreeMap<>();
        before.put("a", new Share(tasks(0, 1, 2, 3), Tasks.NONE, Tasks.NONE));
        before.put("b", new Share(Tasks.NONE, tasks(2, 3), Tasks.NONE));

        SortedMap<String, Share> shares = assign(members("a", "b"), before, 4, 0);

        assertEquals(tasks(0, 1), shares.get("a").active());
        assertEquals(tasks(2, 3), shares.get("b").active());
    }

    @Test
    void whoLeavesIsTakenOverByItsCopy() {
        SortedMap<String, Share> before = new TreeMap<>();
        before.put("b", new Share(tasks(1), tasks(0), Tasks.NONE));
        before.put("c", new Share(tasks(2), Tasks.NONE, Tasks.NONE));

        SortedMap<String, Share> shares = assign(members("b", "c"), before, 3, 0);

        assertEquals(tasks(0, 1), shares.get("b").active());
        assertEquals(tasks(2), shares.get("c").active());
    }

    @Test
    void copiesAreInOtherProcessesAndFewerWhereThereAreNone() {
        List<StreamsMember> threads = List.of(member("a1", "a"), member("a2", "a"), member("b1", "b"));

        SortedMap<String, Share> shares = assign(threads, NOTHING, 6, 2);

        assertEquals(6, shares.values().stream().mapToInt(share -> share.standby().ids().size()).sum());
        for (TaskId task : shares.get("b1").standby().ids()) {
            assertTrue(!shares.get("b1").active().has(task), task.toString());
        }
    }

    /** Whatever came before: every task has one owner, members are even, no process has a task twice. */
    @Test
    void holdsItsPromisesOverRandomHistories() {
        int histories = 300 * Integer.getInteger("semel.scale", 1);
        for (int seed = 0; seed < histories; seed++) {
            Random random = new Random(seed);
            SortedMap<String, Share> before = new TreeMap<>();
            for (int step = 0; step < 6; step++) {
                List<StreamsMember> members = new ArrayList<>();
                for (int index = 0; index < 8; index++) {
                    boolean there = random.nextBoolean();
                    if (there) members.add(member("m" + index, "p" + index % 4));
                }
                int count = random.nextInt(12);
                int copies = random.nextInt(3);
                SortedMap<String, Share> shares = assign(members, before, count, copies);
                check("seed " + seed + " step " + step, members, shares, count, copies);
                SortedMap<String, Share> again = assign(members, shares, count, copies);
                for (StreamsMember member : members) {
                    assertEquals(shares.get(member.memberId()).active(),
                            again.get(member.memberId()).active(), "moved for nothing, seed " + seed);
                }
                before = shares;
            }
        }
    }

    private static void check(String where, List<StreamsMember> members, SortedMap<String, Share> shares,
            int count, int copies) {
        List<TaskId> owned = new ArrayList<>();
        int least = Integer.MAX_VALUE;
        int most = 0;
        SortedMap<String, List<TaskId>> ofProcess = new TreeMap<>();
        for (StreamsMember member : members) {
            Share share = shares.get(member.memberId());
            owned.addAll(share.active().ids());
            least = Math.min(least, share.active().ids().size());
            most = Math.max(most, share.active().ids().size());
            List<TaskId> all = ofProcess.computeIfAbsent(member.processId(), id -> new ArrayList<>());
            all.addAll(share.active().ids());
            all.addAll(share.copies().ids());
        }
        if (members.isEmpty()) return;
        assertEquals(ids(count).size(), owned.size(), where);
        assertEquals(new TreeSet<>(ids(count)), new TreeSet<>(owned), where);
        assertTrue(most - least <= 1, where + ": " + shares);
        int all = 0;
        for (List<TaskId> tasks : ofProcess.values()) {
            assertEquals(new TreeSet<>(tasks).size(), tasks.size(), where + ": a process has a task twice");
            all += tasks.size();
        }
        assertEquals(count * (1 + Math.min(copies, ofProcess.size() - 1)), all, where);
    }

    private static SortedMap<String, Share> assign(List<StreamsMember> members,
            SortedMap<String, Share> before, int count, int copies) {
        return StickyTasks.assign(members, before, ids(count), ids(count), copies);
    }

    private static List<StreamsMember> members(String... ids) {
        List<StreamsMember> members = new ArrayList<>();
        for (String id : ids) members.add(member(id, id));
        return members;
    }

    private static StreamsMember member(String id, String process) {
        return new StreamsMember(id, null, null, "", "", 1, 0, process, null, List.of());
    }

    private static List<TaskId> ids(int count) {
        List<TaskId> ids = new ArrayList<>();
        for (int partition = 0; partition < count; partition++) ids.add(new TaskId("0", partition));
        return ids;
    }

    private static Tasks tasks(int... partitions) {
        List<TaskId> ids = new ArrayList<>();
        for (int partition : partitions) ids.add(new TaskId("0", partition));
        return Tasks.of(ids);
    }
}
