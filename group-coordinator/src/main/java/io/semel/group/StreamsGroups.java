package io.semel.group;

import io.semel.group.GroupEvent.GroupRemoved;
import io.semel.group.GroupEvent.JoinsOf;
import io.semel.group.GroupEvent.OfStreams;
import io.semel.group.GroupEvent.SyncsOf;
import io.semel.group.GroupEvent.Woken;
import io.semel.group.GroupReply.Refused;
import io.semel.group.GroupReply.StreamsReconciled;
import io.semel.group.assign.TopicView;
import io.semel.group.streams.StreamsBeat;
import io.semel.group.streams.StreamsDecision;
import io.semel.group.streams.StreamsEvent;
import io.semel.group.streams.StreamsGroup;
import io.semel.group.streams.StreamsRules;
import io.semel.kernel.law.Decision;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Where streams groups stand among the others of the room: their rules know one group, and here it is found,
 * or takes the place of a classic one that nobody is in. Reads the table and changes nothing.
 */
final class StreamsGroups {
    private final GroupTable table;
    private final LimitsByGroup byGroup;

    StreamsGroups(GroupTable table, LimitsByGroup byGroup) {
        this.table = table;
        this.byGroup = byGroup;
    }

    Decision<GroupEvent, GroupReply> beat(StreamsBeat beat, long nowMs) {
        StreamsDecision wrong = StreamsRules.wrong(beat);
        if (wrong != null) return refused(wrong.refusal(), wrong.why());
        StreamsGroup group = table.streamsGroup(beat.groupId());
        List<GroupEvent> events = new ArrayList<>();
        if (group == null) {
            if (!isFree(beat.groupId())) return notStreams(beat.groupId());
            if (beat.epoch() != 0) return notFound(beat.groupId());
            makeRoom(beat.groupId(), events);
            group = new StreamsGroup(beat.groupId());
        }
        StreamsDecision decision = StreamsRules.beat(group, beat, byGroup.streamsOf(beat.groupId()), nowMs);
        if (decision.answer() == null) return refused(decision.refusal(), decision.why());
        addAll(decision.events(), events);
        return Decision.write(events, new StreamsReconciled(decision.answer()));
    }

    private boolean isFree(String groupId) {
        ClassicGroup classic = table.group(groupId);
        return table.consumerGroup(groupId) == null && (classic == null || classic.is(GroupPhase.EMPTY));
    }

    /**
     * A classic group without members ends; its offsets stay, so that an application goes on where it was.
     */
    private void makeRoom(String groupId, List<GroupEvent> events) {
        ClassicGroup classic = table.group(groupId);
        if (classic == null) return;
        if (classic.stored() != null) events.add(new GroupRemoved(groupId));
        events.add(new Woken(new JoinsOf(groupId)));
        events.add(new Woken(new SyncsOf(groupId)));
    }

    List<GroupEvent> timePassed(StreamsGroup group, long nowMs) {
        List<GroupEvent> events = new ArrayList<>();
        addAll(StreamsRules.timePassed(group, byGroup.streamsOf(group.groupId()), nowMs), events);
        return events;
    }

    Decision<GroupEvent, GroupReply> describe(String groupId, TopicView topics) {
        StreamsGroup group = table.streamsGroup(groupId);
        if (group == null) return isFree(groupId) && table.group(groupId) == null ? notFound(groupId)
                : notStreams(groupId);
        return Decision.reply(new GroupReply.StreamsShown(StreamsRules.describe(group, topics)));
    }

    /** The tombstones of a group, as events of the room. */
    static List<GroupEvent> erasures(StreamsGroup group) {
        List<GroupEvent> events = new ArrayList<>();
        addAll(group.erasures(), events);
        return events;
    }

    private static void addAll(List<StreamsEvent> from, List<GroupEvent> to) {
        for (StreamsEvent event : from) to.add(new OfStreams(event));
    }

    private static Decision<GroupEvent, GroupReply> notFound(String groupId) {
        return refused(ErrorCode.GROUP_ID_NOT_FOUND, "Streams group " + groupId + " not found.");
    }

    private static Decision<GroupEvent, GroupReply> notStreams(String groupId) {
        return refused(ErrorCode.GROUP_ID_NOT_FOUND, "Group " + groupId + " is not a streams group.");
    }

    private static Decision<GroupEvent, GroupReply> refused(ErrorCode error, String message) {
        return Decision.reply(new Refused(error, message));
    }
}
