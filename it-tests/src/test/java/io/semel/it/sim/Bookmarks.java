package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * One offset that all members of the group commit, outside of transactions, each commit with a number of its
 * own. What is found at the end must be such that no acknowledged commit is lost: the number of one that was
 * not refused, and that had not ended before an acknowledged one began. One thread.
 */
final class Bookmarks {
    private static final long NEVER = Long.MAX_VALUE;

    private static final class Commit {
        private final long beganAt;
        private long endedAt = NEVER;
        private boolean acknowledged;
        private boolean refused;

        Commit(long beganAt) {
            this.beganAt = beganAt;
        }
    }

    private final List<Commit> commits = new ArrayList<>();
    private long now;

    /** @return its number */
    int begin() {
        commits.add(new Commit(now++));
        return commits.size() - 1;
    }

    void acknowledged(int number) {
        commits.get(number).acknowledged = true;
        commits.get(number).endedAt = now++;
    }

    void refused(int number) {
        commits.get(number).refused = true;
    }

    /** @param found the number committed in the end, null for none */
    List<String> violations(Long found) {
        List<String> violations = new ArrayList<>();
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

        /** As what the member is now. @param modern the version must be one that can tell a stale epoch */
        void write(Membership member, boolean modern) {
            if (percent == 0 || busy || member.generation <= 0 || !dice.percent(percent)) return;
            busy = true;
            int number = clients.bookmarks.begin();
            OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(Membership.GROUP)
                    .setMemberId(member.memberId).setGenerationIdOrMemberEpoch(member.generation)
                    .setGroupInstanceId(member.instanceId);
            request.topics().add(new OffsetCommitRequestData.OffsetCommitRequestTopic()
                    .setName(Enlisting.INPUT_TOPIC).setPartitions(List.of(
                    new OffsetCommitRequestData.OffsetCommitRequestPartition().setPartitionIndex(0)
                            .setCommittedOffset(number).setCommittedMetadata(""))));
            link.ask(ApiKeys.OFFSET_COMMIT, modern ? 9 : dice.between(7, 9), request,
                    new BrokerLink.Answer() {
                @Override
                public void got(ApiMessage response) {
                    busy = false;
                    heard(number, Errors.forCode(((OffsetCommitResponseData) response).topics().get(0)
                            .partitions().get(0).errorCode()));
                }

                @Override
                public void lost() {
                    busy = false;
                }
            });
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
