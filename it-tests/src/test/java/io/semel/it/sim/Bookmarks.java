package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * One offset that all members of the group commit, outside of transactions, each commit with a number of its
 * own. What is found at the end must be such that no acknowledged commit is lost: the number of one that was
 * not refused, and that had not ended before an acknowledged one began; those of a static member's former
 * life end, too, when its next one has its place. One thread.
 */
final class Bookmarks {
    private static final long NEVER = Long.MAX_VALUE;

    private static final class Commit {
        private final long beganAt;
        /** Null for a commit of a dynamic member. */
        private final String instanceId;
        private final String memberId;
        private long endedAt = NEVER;
        private boolean acknowledged;
        private boolean refused;
        /** Its static member was another one before it began. */
        private boolean late;

        Commit(long beganAt, String instanceId, String memberId) {
            this.beganAt = beganAt;
            this.instanceId = instanceId;
            this.memberId = memberId;
        }
    }

    private final List<Commit> commits = new ArrayList<>();
    /** Who has a static member's place, by its name. */
    private final Map<String, String> holders = new TreeMap<>();
    /** Who had a static member's place and has lost it. */
    private final Set<String> formers = new TreeSet<>();
    private final List<String> taken = new ArrayList<>();
    private long now;

    /** @return its number */
    int begin(String instanceId, String memberId) {
        Commit commit = new Commit(now++, instanceId, memberId);
        boolean holds = instanceId != null && memberId.equals(holders.get(instanceId));
        commit.late = !holds && formers.contains(memberId);
        commits.add(commit);
        return commits.size() - 1;
    }

    void acknowledged(int number) {
        commits.get(number).acknowledged = true;
        commits.get(number).endedAt = now++;
        if (commits.get(number).late) taken.add("bookmark " + number + " was taken from "
                + commits.get(number).memberId + ", which " + commits.get(number).instanceId
                + " was no longer");
    }

    /** The static member is another one from now on: no commit of who had its name counts later (KIP-345). */
    void renewed(String instanceId, String memberId) {
        if (instanceId == null) return;
        String former = holders.put(instanceId, memberId);
        if (former != null && !former.equals(memberId)) formers.add(former);
        long renewedAt = now++;
        for (Commit commit : commits) {
            boolean over = instanceId.equals(commit.instanceId) && !memberId.equals(commit.memberId);
            if (over && commit.endedAt == NEVER) commit.endedAt = renewedAt;
        }
    }

    void refused(int number) {
        commits.get(number).refused = true;
    }

    /** @param found the number committed in the end, null for none */
    List<String> violations(Long found) {
        List<String> violations = new ArrayList<>(taken);
        Commit last = found == null || found >= commits.size() ? null : commits.get(found.intValue());
        if (found != null && last == null) violations.add("nobody committed bookmark " + found);
        if (last != null && last.refused) violations.add("bookmark " + found + " was refused and stands");
        for (int number = 0; number < commits.size(); number++) {
            Commit commit = commits.get(number);
            boolean lost = commit.acknowledged && (last == null || last.endedAt < commit.beganAt);
            if (lost) violations.add("lost commit: bookmark " + number + " was acknowledged, " + found
                    + " stands");
        }
        return violations;
    }

    /** A member's way to commit: one at a time, now and then. */
    static final class Writer {
        private static final int VERSION_MAX = 9;

        private final Clients clients;
        private final Dice dice;
        private final BrokerLink link;
        private final int percent;
        private boolean busy;

        /** @param percent of a member's heartbeats that come with a commit */
        Writer(Clients clients, String name, BrokerLink link, int percent) {
            this.clients = clients;
            this.dice = clients.dice(name + " bookmarks");
            this.link = link;
            this.percent = percent;
        }

        /** Its life is over, and it does not know: for a while it commits as what it was (KIP-345). */
        void linger(Membership member) {
            if (percent == 0 || member.generation <= 0) return;
            BrokerLink lingering = clients.link(member.name + " lingers");
            for (int count = dice.between(0, 4); count > 0; count--) {
                clients.lingering++;
                clients.run.after(dice.between(5, 500), "lingering member", () -> {
                    int number = clients.bookmarks.begin(member.instanceId, member.memberId);
                    lingering.ask(ApiKeys.OFFSET_COMMIT, VERSION_MAX, request(member, number), answer(number,
                            () -> clients.lingering--));
                });
            }
        }

        /** As what the member is now. @param modern the version must be one that can tell a stale epoch */
        void write(Membership member, boolean modern) {
            if (percent == 0 || busy || member.generation <= 0 || !dice.percent(percent)) return;
            busy = true;
            int number = clients.bookmarks.begin(member.instanceId, member.memberId);
            OffsetCommitRequestData request = request(member, number);
            link.ask(ApiKeys.OFFSET_COMMIT, modern ? VERSION_MAX : dice.between(7, VERSION_MAX), request,
                    answer(number, () -> busy = false));
        }

        private static OffsetCommitRequestData request(Membership member, int number) {
            OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(Membership.GROUP)
                    .setMemberId(member.memberId).setGenerationIdOrMemberEpoch(member.generation)
                    .setGroupInstanceId(member.instanceId);
            request.topics().add(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                    .setName(Enlisting.INPUT_TOPIC).setPartitions(List.of(
                    new OffsetCommitRequestData.OffsetCommitRequestPartition().setPartitionIndex(0)
                            .setCommittedOffset(number).setCommittedMetadata(""))));
            return request;
        }

        private BrokerLink.Answer answer(int number, Runnable over) {
            return new BrokerLink.Answer() {
                @Override
                public void got(ApiMessage response) {
                    over.run();
                    heard(number, Errors.forCode(((OffsetCommitResponseData) response).topics().get(0)
                            .partitions().get(0).errorCode()));
                }

                @Override
                public void lost() {
                    over.run();
                }
            };
        }

        private void heard(int number, Errors error) {
            switch (error) {
                case NONE -> clients.bookmarks.acknowledged(number);
                case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, STALE_MEMBER_EPOCH, REBALANCE_IN_PROGRESS,
                        FENCED_INSTANCE_ID, GROUP_ID_NOT_FOUND -> clients.bookmarks.refused(number);
                default -> {
                    if (!Retry.helps(error)) clients.history.complain("a bookmark got " + error);
                }
            }
        }
    }
}
