package io.semel.it.crowd;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Speaks the consumer protocol (KIP-848). */
final class ModernMember extends CrowdMember {
    private final Uuid topicId;
    private int epoch;
    private boolean first;
    private boolean tellsAll;
    private long beatMs;

    ModernMember(String bootstrap, String group, String topic, Uuid topicId, Witness witness, Random random) {
        super(bootstrap, group, topic, witness, random);
        this.topicId = topicId;
    }

    @Override
    void begin() {
        memberId = new UUID(random.nextLong(), random.nextLong()).toString();
        rejoin();
    }

    private void rejoin() {
        giveUpAll();
        epoch = 0;
        first = true;
        beatMs = 0;
    }

    @Override
    void reconnected() {
        first = true;
        beatMs = 0;
    }

    @Override
    int epoch() {
        return epoch;
    }

    @Override
    void act(long nowMs) {
        if (beatMs > nowMs) return;
        ConsumerGroupHeartbeatRequestData beat = new ConsumerGroupHeartbeatRequestData().setGroupId(group)
                .setMemberId(memberId).setMemberEpoch(epoch);
        if (first) beat.setRebalanceTimeoutMs(REBALANCE_MS).setSubscribedTopicNames(List.of(topic));
        if (first || tellsAll) beat.setTopicPartitions(owned());
        first = false;
        tellsAll = false;
        witness.heartbeats.incrementAndGet();
        asksToStay();
        client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, beat);
    }

    private List<TopicPartitions> owned() {
        if (reads.isEmpty()) return List.of();
        return List.of(new TopicPartitions().setTopicId(topicId)
                .setPartitions(new ArrayList<>(reads.keySet())));
    }

    @Override
    void hear(ApiMessage answer, long nowMs) {
        ConsumerGroupHeartbeatResponseData heard = (ConsumerGroupHeartbeatResponseData) answer;
        Errors error = Errors.forCode(heard.errorCode());
        switch (error) {
            case NONE -> reconcile(heard, nowMs);
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> rejoin();
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> beatMs = nowMs + 200;
            default -> witness.fail(group + ": a heartbeat was answered " + error + " "
                    + heard.errorMessage());
        }
    }

    private void reconcile(ConsumerGroupHeartbeatResponseData heard, long nowMs) {
        stays();
        epoch = heard.memberEpoch();
        witness.epoch(group, epoch);
        beatMs = nowMs + heard.heartbeatIntervalMs();
        if (heard.assignment() == null) return;
        TreeSet<Integer> assigned = new TreeSet<>();
        heard.assignment().topicPartitions().forEach(of -> assigned.addAll(of.partitions()));
        if (assigned.equals(reads.keySet())) return;
        for (int partition : List.copyOf(reads.keySet())) {
            if (!assigned.contains(partition)) giveUp(partition);
        }
        for (int partition : assigned) if (!reads.containsKey(partition)) take(partition);
        tellsAll = true;
        beatMs = 0;
    }

    @Override
    void sayGoodbye() {
        client.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group).setMemberId(memberId).setMemberEpoch(-1));
    }
}
