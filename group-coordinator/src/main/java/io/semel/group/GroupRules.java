package io.semel.group;

import io.semel.kernel.law.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a command finds the rules that decide it; rules for KIP-848 groups will stand beside the classic
 * ones. Reads, changes nothing.
 */
final class GroupRules {
    private static final int GROUPS_PER_TICK = 32;

    private final GroupTable table;
    private final Rounds rounds;
    private final ClassicRules classic;
    private final OffsetRules offsets;

    GroupRules(GroupTable table, GroupLimits limits) {
        this.table = table;
        rounds = new Rounds(limits);
        classic = new ClassicRules(table, limits, rounds);
        offsets = new OffsetRules(table, limits);
    }

    ClassicRules classic() {
        return classic;
    }

    OffsetRules offsets() {
        return offsets;
    }

    /** What is due, some groups at a time; the rest stays due. */
    Decision<GroupEvent, GroupReply> tick(long nowMs) {
        List<GroupEvent> events = new ArrayList<>();
        for (String groupId : table.dueGroups(nowMs, GROUPS_PER_TICK)) {
            Draft draft = new Draft(groupId, table.group(groupId));
            rounds.timePassed(draft, nowMs);
            events.addAll(draft.events());
        }
        if (events.isEmpty() && table.sweepIsDue(nowMs)) events.addAll(offsets.sweep(nowMs));
        return Decision.write(events, new GroupReply.Ticked());
    }
}
