package io.semel.group;

import io.semel.kernel.law.Decision;
import io.semel.kernel.law.Shard;
import io.semel.wire.error.ErrorCode;

/**
 * The room of one partition of {@code __consumer_offsets}: the groups that hash to it, and their offsets.
 * Pure; owned by one lane.
 *
 * <p>In the journal are offsets, groups of the consumer and the streams protocol, and classic groups once a
 * leader has assigned; all else, whoever joins or is waited for, lives in memory. After a crash a group comes
 * back in its last assigned generation or epoch, each member with a whole session to be heard of again, from
 * the first tick on: {@link #nextDeadlineMs()} is 0 until then.
 */
public final class GroupShard implements Shard<GroupCommand, GroupEvent, GroupReply> {
    private final GroupTable table = new GroupTable();
    private final GroupRules rules;

    public GroupShard(GroupLimits limits) {
        this(limits, LimitsByGroup.same(limits), GroupFaults.NONE);
    }

    /**
     * @param byGroup of the groups whose settings are their own
     * @param faults  planted bugs
     */
    public GroupShard(GroupLimits limits, LimitsByGroup byGroup, GroupFaults faults) {
        rules = new GroupRules(table, limits, byGroup, faults);
    }

    GroupTable table() {
        return table;
    }

    @Override
    public Decision<GroupEvent, GroupReply> decide(GroupCommand command, long nowMs) {
        return command.askOf(rules, nowMs);
    }

    @Override
    public void evolve(GroupEvent event, long offset) {
        event.foldInto(table, offset);
    }

    @Override
    public boolean isDurable(GroupEvent event) {
        return event.isDurable();
    }

    @Override
    public Object wakes(GroupEvent event) {
        return event.wakes();
    }

    @Override
    public long nextDeadlineMs() {
        return table.nextDeadlineMs();
    }

    @Override
    public GroupCommand timeout(long nowMs) {
        return new GroupCommand.Tick();
    }

    @Override
    public void restate(Restating<GroupEvent> into) {
        table.restate(into);
    }

    @Override
    public GroupReply unavailable() {
        return new GroupReply.Rejected(ErrorCode.NOT_COORDINATOR);
    }

    @Override
    public long digest() {
        return table.digest();
    }
}
