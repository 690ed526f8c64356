package io.semel.it.crowd;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A member that lives, leaves or dies, and comes back. Of each partition it gets it first asks for the
 * committed offset, then counts on from there and commits. Stepped by one thread.
 */
abstract class CrowdMember {
    static final int SESSION_MS = CrowdTest.WHOLE ? 20_000 : 8_000;
    /** A member that was not heard of for nearly a session may be out without knowing. */
    private static final int LATE_MS = SESSION_MS - 2_000;
    static final int REBALANCE_MS = 30_000;
    private static final int COMMIT_EVERY_MS = 1_000;

    private enum Offsets { NOTHING, FETCHING, COMMITTING }

    final String bootstrap;
    final String group;
    final String topic;
    final Witness witness;
    final Random random;
    LightClient client;
    String memberId = "";
    /** What it reads, with how far it has come; -1 until it has heard. */
    final TreeMap<Integer, Long> reads = new TreeMap<>();
    private final TreeMap<Integer, Long> asked = new TreeMap<>();
    private Offsets offsets = Offsets.NOTHING;
    private boolean alive;
    private long endsMs;
    private long backMs;
    private long commitMs;
    private long sentMs;
    private long nowMs;
    private volatile long heardMs;

    CrowdMember(String bootstrap, String group, String topic, Witness witness, Random random) {
        this.bootstrap = bootstrap;
        this.group = group;
        this.topic = topic;
        this.witness = witness;
        this.random = random;
        backMs = random.nextInt(2_000);
    }

    /** What it sent last and was answered is nearly a session ago. Any thread. */
    boolean isLate(long atMs) {
        return atMs - heardMs > LATE_MS;
    }

    /** It asks for what keeps it a member. */
    final void asksToStay() {
        sentMs = nowMs;
    }

    /** And was answered. */
    final void stays() {
        heardMs = sentMs;
    }

    /** A step of its life; {@code churns} says that it may still leave or die. */
    final void step(long atMs, boolean churns) {
        nowMs = atMs;
        try {
            if (client == null) connect();
            else live(churns);
        } catch (UncheckedIOException broken) {
            if (client != null) client.close();
            client = null;
            offsets = Offsets.NOTHING;
            backMs = nowMs + 200;
        }
    }

    private void connect() {
        if (backMs > nowMs) return;
        client = new LightClient(bootstrap);
        if (alive) {
            reconnected();
            return;
        }
        alive = true;
        heardMs = nowMs;
        endsMs = nowMs + 1_000 + random.nextInt(witness.lifeMs);
        witness.joins.incrementAndGet();
        begin();
    }

    private void live(boolean churns) {
        if (churns && endsMs <= nowMs && !client.isBusy()) {
            end(nowMs);
            return;
        }
        if (client.isBusy()) {
            ApiMessage answer = client.poll();
            if (answer == null) return;
            if (offsets == Offsets.NOTHING) hear(answer, nowMs);
            else hearOffsets(answer, nowMs);
        }
        if (!client.isBusy() && !askForOffsets(nowMs)) act(nowMs);
    }

    /** A new process: it knows nothing. */
    abstract void begin();

    /** The connection broke, and the answer that was under way is lost. */
    abstract void reconnected();

    /** It has nothing under way: it may ask for something. */
    abstract void act(long nowMs);

    abstract void hear(ApiMessage answer, long nowMs);

    /** Says goodbye, and does not wait for an answer. */
    abstract void sayGoodbye();

    abstract int epoch();

    private void end(long nowMs) {
        giveUpAll();
        alive = false;
        if (random.nextBoolean()) {
            witness.leaves.incrementAndGet();
            sayGoodbye();
        } else {
            witness.crashes.incrementAndGet();
        }
        client.close();
        client = null;
        backMs = nowMs + 200 + random.nextInt(3_000);
    }

    final void take(int partition) {
        witness.takes(partition, this, nowMs);
        reads.put(partition, -1L);
    }

    final void giveUp(int partition) {
        reads.remove(partition);
        witness.givesUp(partition, this);
    }

    final void giveUpAll() {
        for (int partition : List.copyOf(reads.keySet())) giveUp(partition);
    }

    private boolean askForOffsets(long nowMs) {
        asked.clear();
        reads.forEach((partition, offset) -> {
            if (offset < 0) asked.put(partition, witness.acknowledged(group, partition));
        });
        if (!asked.isEmpty()) {
            offsets = Offsets.FETCHING;
            OffsetFetchRequestGroup of = new OffsetFetchRequestGroup().setGroupId(group)
                    .setTopics(List.of(new OffsetFetchRequestTopics().setName(topic)
                            .setPartitionIndexes(List.copyOf(asked.keySet()))));
            client.ask(ApiKeys.OFFSET_FETCH, 9, new OffsetFetchRequestData().setGroups(List.of(of)));
            return true;
        }
        if (reads.isEmpty() || commitMs > nowMs) return false;
        commitMs = nowMs + COMMIT_EVERY_MS;
        offsets = Offsets.COMMITTING;
        reads.forEach((partition, offset) -> asked.put(partition, offset + 1));
        OffsetCommitRequestTopic of = new OffsetCommitRequestTopic().setName(topic);
        asked.forEach((partition, offset) -> of.partitions().add(new OffsetCommitRequestPartition()
                .setPartitionIndex(partition).setCommittedOffset(offset)));
        client.ask(ApiKeys.OFFSET_COMMIT, 9, new OffsetCommitRequestData().setGroupId(group)
                .setMemberId(memberId).setGenerationIdOrMemberEpoch(epoch()).setTopics(List.of(of)));
        return true;
    }

    private void hearOffsets(ApiMessage answer, long nowMs) {
        if (offsets == Offsets.FETCHING) {
            ((OffsetFetchResponseData) answer).groups().get(0).topics().forEach(of ->
                    of.partitions().forEach(one -> {
                long leastExpected = asked.get(one.partitionIndex());
                witness.found(group, one.partitionIndex(), one.committedOffset(), leastExpected);
                reads.computeIfPresent(one.partitionIndex(), (partition, old) ->
                        Math.max(one.committedOffset(), 0));
            }));
        } else {
            ((OffsetCommitResponseData) answer).topics().forEach(of -> of.partitions().forEach(one -> {
                if (one.errorCode() != Errors.NONE.code()) return;
                long offset = asked.get(one.partitionIndex());
                witness.acknowledged(group, one.partitionIndex(), offset);
                reads.computeIfPresent(one.partitionIndex(), (partition, old) -> offset);
            }));
        }
        offsets = Offsets.NOTHING;
    }
}
