package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * One that speaks the consumer protocol (KIP-848): a heartbeat at a time; gives up first what it is no longer
 * assigned, then takes the rest, and says what it has when it has come to the end of that. One that is
 * careless gives a chain up while a step of it is being taken; then the coordinator has to turn the step
 * away. One thread.
 */
final class ModernMembership extends Membership {
    private static final short LEAVES = -1;
    private static final short LEAVES_FOR_NOW = -2;
    private static final int VERSION_MAX = 1;

    private final boolean careless;
    /** What it is to have, null when it has come to that. */
    private TreeSet<Integer> wanted;
    private TreeSet<Integer> told;
    private boolean tellsAll = true;
    private boolean beating;

    ModernMembership(Clients clients, String name, Dice dice) {
        super(clients, name, dice);
        this.careless = dice.percent(30);
        this.generation = 0;
    }

    @Override
    void begin() {
        newId();
        phase = Phase.IN;
        beat();
        tick();
    }

    private void newId() {
        memberId = name.replace(' ', '-') + "-" + Long.toHexString(dice.nextLong());
    }

    @Override
    boolean mayStep() {
        return true;
    }

    /** Its heartbeats will tell it. */
    @Override
    void fenced() {
    }

    @Override
    void stepped() {
        reconcile();
    }

    @Override
    void goodbye() {
        boolean comesBack = instanceId != null && dice.percent(50);
        link.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, VERSION_MAX, request()
                .setMemberEpoch(comesBack ? LEAVES_FOR_NOW : LEAVES), deaf());
    }

    private void tick() {
        if (phase == Phase.GONE) return;
        clients.run.after(dice.between(20, 60), "heartbeat", this::tick);
        bookmarks.write(this, true);
        beat();
    }

    private ConsumerGroupHeartbeatRequestData request() {
        return new ConsumerGroupHeartbeatRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setInstanceId(instanceId).setMemberEpoch(generation).setTopicPartitions(null);
    }

    private void beat() {
        if (phase == Phase.GONE || beating) return;
        beating = true;
        ConsumerGroupHeartbeatRequestData request = request();
        if (tellsAll) {
            reach();
            request.setRebalanceTimeoutMs(300).setSubscribedTopicNames(List.of(Clients.TOPIC));
            if (dice.percent(30)) request.setServerAssignor(dice.percent(50) ? "range" : "uniform");
        }
        TreeSet<Integer> has = new TreeSet<>(stands.keySet());
        if (wanted == null && (tellsAll || !has.equals(told))) {
            told = has;
            request.setTopicPartitions(has.isEmpty() ? List.of() : List.of(new TopicPartitions()
                    .setTopicId(clients.topicId).setPartitions(new ArrayList<>(has))));
        }
        tellsAll = false;
        // it would not know the id that an answer it lost gave it
        int version = generation == 0 ? VERSION_MAX : dice.between(0, VERSION_MAX);
        ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, version, request, response -> {
            beating = false;
            hear((ConsumerGroupHeartbeatResponseData) response);
        }, () -> {
            beating = false;
            tellsAll = true;
            beat();
        });
    }

    private void hear(ConsumerGroupHeartbeatResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        switch (error) {
            case NONE -> follow(answer);
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> comeAgain();
            case FENCED_INSTANCE_ID -> {
                newId();
                comeAgain();
            }
            // the name is another's until that one's session ends; members may be such as cannot change
            case UNRELEASED_INSTANCE_ID, GROUP_ID_NOT_FOUND -> {
                if (generation > 0) comeAgain();
                tellsAll = true;
            }
            default -> {
                tellsAll = true;
                if (!Retry.helps(error)) clients.history.complain(name + " got " + error + " beating: "
                        + answer.errorMessage());
            }
        }
    }

    private void comeAgain() {
        stands.clear();
        wanted = null;
        told = null;
        generation = 0;
        tellsAll = true;
    }

    private void follow(ConsumerGroupHeartbeatResponseData answer) {
        generation = answer.memberEpoch();
        if (answer.assignment() != null) {
            wanted = new TreeSet<>();
            answer.assignment().topicPartitions().forEach(topic -> wanted.addAll(topic.partitions()));
        }
        reconcile();
        tellsWhatItHolds();
    }

    /** Gives up, then takes, unless it waits for the end of a step. */
    private void reconcile() {
        if (wanted == null) return;
        boolean waits = stepping() >= 0 && stands.containsKey(stepping()) && !wanted.contains(stepping());
        if (!waits || careless) reach();
    }

    private void reach() {
        if (wanted == null) return;
        stands.keySet().retainAll(wanted);
        for (int chain : wanted) stands.computeIfAbsent(chain, held -> new Stand());
        wanted = null;
    }
}
