package io.semel.it.sim;

import io.semel.sim.Dice;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A member of the one classic group whose members copy, each within its transactions: a chain for every
 * partition, whose next number is the group's offset there. Joins, is assigned chains, asks where they stand,
 * gives out one step at a time, joins again when it must, but not while a step is being taken. OUT before its
 * first step and between joins, IN with an assignment, GONE for ever. One thread.
 */
final class Membership {
    static final String GROUP = "copiers";

    private enum Phase { OUT, IN, GONE }

    /** One step of a chain, and as whom it is taken, which may be outdated by then. */
    record Step(int chain, long number, String memberId, int generation) {
    }

    private static final long UNKNOWN = -1;

    private final Clients clients;
    private final String name;
    private final Dice dice;
    private final BrokerLink link;
    private final Map<Integer, Long> stands = new TreeMap<>();
    private final int sessionMs;
    private Phase phase = Phase.OUT;
    private String memberId = "";
    private int generation = -1;
    private boolean begun;
    private boolean stepping;
    private boolean mustRejoin;

    Membership(Clients clients, String name, Dice dice) {
        this.clients = clients;
        this.name = name + " member";
        this.dice = dice;
        this.link = clients.link(this.name);
        this.sessionMs = dice.between(100, 500);
    }

    /** Gives the next step of one of its chains, as soon as there is one. */
    void claim(Consumer<Step> taker) {
        if (phase == Phase.GONE) return;
        if (!begun) {
            begun = true;
            join();
            beat();
        } else if (phase == Phase.IN && mustRejoin) {
            join();
        }
        if (phase != Phase.IN || stands.isEmpty()) {
            clients.later(dice, "no chain yet", () -> claim(taker));
            return;
        }
        int chain = List.copyOf(stands.keySet()).get(dice.below(stands.size()));
        if (stands.get(chain) == UNKNOWN) ask(chain, taker);
        else give(chain, taker);
    }

    private void give(int chain, Consumer<Step> taker) {
        stepping = true;
        taker.accept(new Step(chain, stands.get(chain) + 1, memberId, generation));
    }

    /** The step is decided. */
    void taken(Step step, boolean committed) {
        stepping = false;
        if (step.generation != generation || phase != Phase.IN) return;
        stands.put(step.chain, committed ? step.number : UNKNOWN);
    }

    /** Who took the step was told that it is no member, or not one of this generation. */
    void fenced() {
        mustRejoin = true;
    }

    void leave() {
        if (begun && phase != Phase.GONE && dice.percent(70)) {
            link.ask(ApiKeys.LEAVE_GROUP, 3, new LeaveGroupRequestData().setGroupId(GROUP).setMembers(List.of(
                    new LeaveGroupRequestData.MemberIdentity().setMemberId(memberId))), deaf());
        }
        crash();
    }

    void crash() {
        phase = Phase.GONE;
        link.close();
    }

    private void join() {
        if (phase == Phase.GONE) return;
        phase = Phase.OUT;
        mustRejoin = false;
        stands.clear();
        JoinGroupRequestData request = new JoinGroupRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setSessionTimeoutMs(sessionMs).setRebalanceTimeoutMs(300).setProtocolType("consumer");
        request.protocols().add(new JoinGroupRequestData.JoinGroupRequestProtocol().setName("range")
                .setMetadata(bytes(ConsumerProtocol.serializeSubscription(
                        new Subscription(List.of(Clients.TOPIC))))));
        ask(ApiKeys.JOIN_GROUP, dice.between(4, 9), request, response -> {
            JoinGroupResponseData told = (JoinGroupResponseData) response;
            Errors error = Errors.forCode(told.errorCode());
            if (error == Errors.NONE) {
                memberId = told.memberId();
                generation = told.generationId();
                sync(told);
                return;
            }
            if (error == Errors.MEMBER_ID_REQUIRED) memberId = told.memberId();
            joinAfter(error);
        }, this::join);
    }

    private void sync(JoinGroupResponseData told) {
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId(GROUP).setMemberId(memberId)
                .setGenerationId(generation);
        if (told.leader().equals(memberId)) assign(told, request);
        ask(ApiKeys.SYNC_GROUP, dice.between(3, 4), request, response -> {
            SyncGroupResponseData answer = (SyncGroupResponseData) response;
            Errors error = Errors.forCode(answer.errorCode());
            if (error != Errors.NONE) {
                joinAfter(error);
                return;
            }
            phase = Phase.IN;
            if (answer.assignment().length == 0) return;
            ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(answer.assignment())).partitions()
                    .forEach(chain -> stands.put(chain.partition(), UNKNOWN));
        }, this::join);
    }

    private void assign(JoinGroupResponseData told, SyncGroupRequestData request) {
        Map<String, Subscription> members = new LinkedHashMap<>();
        told.members().forEach(member -> members.put(member.memberId(), ConsumerProtocol
                .deserializeSubscription(ByteBuffer.wrap(member.metadata()))));
        new RangeAssignor().assign(Map.of(Clients.TOPIC, clients.partitionCount), members).forEach(
                (member, chains) -> request.assignments()
                        .add(new SyncGroupRequestData.SyncGroupRequestAssignment().setMemberId(member)
                        .setAssignment(bytes(ConsumerProtocol.serializeAssignment(
                                new Assignment(chains))))));
    }

    private void joinAfter(Errors error) {
        switch (error) {
            case UNKNOWN_MEMBER_ID -> memberId = "";
            case MEMBER_ID_REQUIRED, REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> { }
            default -> {
                if (!Retry.helps(error)) clients.history.complain(name + " got " + error + " joining");
            }
        }
        clients.later(dice, "join again", this::join);
    }

    private void beat() {
        if (phase == Phase.GONE) return;
        clients.run.after(dice.between(20, 60), "heartbeat", this::beat);
        if (phase != Phase.IN) return;
        int beating = generation;
        ask(ApiKeys.HEARTBEAT, dice.between(0, 4), new HeartbeatRequestData().setGroupId(GROUP)
                .setMemberId(memberId).setGenerationId(generation), response -> {
            Errors error = Errors.forCode(((HeartbeatResponseData) response).errorCode());
            if (error == Errors.NONE || Retry.helps(error) || beating != generation) return;
            if (phase != Phase.IN) return;
            if (error == Errors.UNKNOWN_MEMBER_ID) memberId = "";
            mustRejoin = true;
            if (!stepping) join();
        }, () -> { });
    }

    /** Where the chain stands: what is pending in a transaction is waited for (KIP-447). */
    private void ask(int chain, Consumer<Step> taker) {
        int asking = generation;
        OffsetFetchRequestData request = new OffsetFetchRequestData().setRequireStable(true)
                .setGroups(List.of(
                new OffsetFetchRequestData.OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(List.of(
                        new OffsetFetchRequestData.OffsetFetchRequestTopics().setName(Clients.TOPIC)
                                .setPartitionIndexes(List.of(chain))))));
        ask(ApiKeys.OFFSET_FETCH, 8, request, response -> {
            boolean still = phase == Phase.IN && asking == generation && stands.containsKey(chain);
            long stood = stood((OffsetFetchResponseData) response);
            if (still && stood >= 0) {
                stands.put(chain, stood);
                give(chain, taker);
            } else {
                clients.later(dice, "claim again", () -> claim(taker));
            }
        }, () -> claim(taker));
    }

    private long stood(OffsetFetchResponseData response) {
        OffsetFetchResponseData.OffsetFetchResponseGroup group = response.groups().get(0);
        if (group.errorCode() != 0) return UNKNOWN;
        OffsetFetchResponseData.OffsetFetchResponsePartitions partition =
                group.topics().get(0).partitions().get(0);
        if (partition.errorCode() != 0) return UNKNOWN;
        return Math.max(0, partition.committedOffset());
    }

    private void ask(ApiKeys api, int version, ApiMessage body, Consumer<ApiMessage> got, Runnable again) {
        clients.run.trace().note(name + " asks " + api + " as " + memberId, version, generation);
        link.ask(api, version, body, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                if (phase == Phase.GONE) return;
                clients.run.trace().note(name + " told " + response, version, generation);
                got.accept(response);
            }

            @Override
            public void lost() {
                clients.later(dice, api + " again", again);
            }
        });
    }

    private static BrokerLink.Answer deaf() {
        return new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
            }

            @Override
            public void lost() {
            }
        };
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
