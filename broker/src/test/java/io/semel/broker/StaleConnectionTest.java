package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.SimVerbs.Pid;
import java.util.List;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A version 1 client asked, waited in vain, reconnected and asked again; then its first request arrives
 * (KAFKA-17754). Epochs do not tell it apart, connections do.
 */
class StaleConnectionTest {
    private final SimBroker sim = SimBroker.start(1);
    private final SimVerbs older = new SimVerbs(sim);
    private final SimVerbs newer = new SimVerbs(sim);

    @Test @DisplayName("FEATURES 25: a late commit does not end the next transaction of version 1")
    void aLateEndIsNotServed() {
        Pid pid = begin();
        assertEquals(Errors.NONE, end(newer, pid, true));
        newer.enlist("x", pid, "t", 0);
        newer.produce("x", "t", 0, SimVerbs.batch(pid, 1));

        older.client.post(ApiKeys.END_TXN, 3, SimVerbs.ending("x", pid, true));
        sim.until(older.client::isHungUpOn, "the late client to be hung up on");

        assertEquals(Errors.NONE, end(newer, pid, false));
        assertEquals(1, newer.fetch("t", 0).abortedTransactions().size());
        assertFalse(newer.client.isHungUpOn());
    }

    @Test @DisplayName("FEATURES 25: late enlistments are not served either, in any version of theirs")
    void lateEnlistmentsAreNotServed() {
        Pid pid = begin();
        assertEquals(Errors.NONE, end(newer, pid, true));

        for (int version = 0; version <= 3; version++) {
            assertHungUpOn(ApiKeys.ADD_PARTITIONS_TO_TXN, version, enlisting(pid));
            assertHungUpOn(ApiKeys.ADD_OFFSETS_TO_TXN, version, new AddOffsetsToTxnRequestData()
                    .setTransactionalId("x").setProducerId(pid.id()).setProducerEpoch(pid.epoch())
                    .setGroupId("g"));
        }
        for (int version = 0; version <= 4; version++) {
            assertHungUpOn(ApiKeys.END_TXN, version, SimVerbs.ending("x", pid, true));
        }
    }

    @Test @DisplayName("FEATURES 46: late offsets of version 1 do not get into the next transaction")
    void lateOffsetsAreNotServed() {
        Pid pid = begin();
        addGroup(newer, pid);
        assertEquals(Errors.NONE, commitOffset(newer, pid, 1));
        assertEquals(Errors.NONE, end(newer, pid, true));
        addGroup(newer, pid);
        assertEquals(Errors.NONE, commitOffset(newer, pid, 2));

        assertHungUpOn(ApiKeys.TXN_OFFSET_COMMIT, 3, offset(pid, 1));

        assertEquals(Errors.NONE, end(newer, pid, true));
        assertEquals(2, committedOffset());
    }

    @Test @DisplayName("FEATURES 46: nor while the next transaction has committed no offset yet")
    void lateOffsetsAreToldByTheCoordinatorsConnectionToo() {
        Pid pid = begin();
        addGroup(newer, pid);

        assertHungUpOn(ApiKeys.TXN_OFFSET_COMMIT, 4, offset(pid, 1));
    }

    @Test @DisplayName("FEATURES 26: offsets on a connection of their own are served, however old it is")
    void offsetsMayHaveAConnectionOfTheirOwn() {
        SimVerbs own = older;
        own.createTopic("t", 2, java.util.Map.of());
        SimVerbs coordinators = newer;
        Pid pid = coordinators.initProducer("x", 60_000);
        addGroup(coordinators, pid);

        assertEquals(Errors.NONE, commitOffset(own, pid, 7));
        assertEquals(Errors.NONE, end(coordinators, pid, true));
        addGroup(coordinators, pid);
        assertEquals(Errors.NONE, commitOffset(own, pid, 8));
        assertEquals(Errors.NONE, end(coordinators, pid, true));

        assertEquals(8, committedOffset());
    }

    private static void addGroup(SimVerbs verbs, Pid pid) {
        AddOffsetsToTxnResponseData answer = verbs.client.ask(ApiKeys.ADD_OFFSETS_TO_TXN, 3,
                new AddOffsetsToTxnRequestData().setTransactionalId("x").setProducerId(pid.id())
                        .setProducerEpoch(pid.epoch()).setGroupId("g"));
        assertEquals(Errors.NONE, Errors.forCode(answer.errorCode()));
    }

    private static Errors commitOffset(SimVerbs verbs, Pid pid, long offset) {
        TxnOffsetCommitResponseData answer = verbs.client.ask(ApiKeys.TXN_OFFSET_COMMIT, 3,
                offset(pid, offset));
        return Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
    }

    private static TxnOffsetCommitRequestData offset(Pid pid, long offset) {
        TxnOffsetCommitRequestData request = new TxnOffsetCommitRequestData().setTransactionalId("x")
                .setGroupId("g").setProducerId(pid.id()).setProducerEpoch(pid.epoch());
        request.topics().add(new TxnOffsetCommitRequestTopic().setName("t").setPartitions(List.of(
                new TxnOffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(offset)
                        .setCommittedMetadata(""))));
        return request;
    }

    private long committedOffset() {
        OffsetFetchRequestData request = new OffsetFetchRequestData().setRequireStable(true).setGroups(
                List.of(new OffsetFetchRequestGroup().setGroupId("g").setTopics(List.of(
                        new OffsetFetchRequestTopics().setName("t").setPartitionIndexes(List.of(0))))));
        OffsetFetchResponseData answer = newer.client.ask(ApiKeys.OFFSET_FETCH, 8, request);
        return answer.groups().get(0).topics().get(0).partitions().get(0).committedOffset();
    }

    @Test @DisplayName("FEATURES 26: Produce on an older connection is served")
    void produceIsNotCompared() {
        Pid pid = begin();
        newer.enlist("x", pid, "t", 1);

        assertEquals(Errors.NONE, Errors.forCode(older.produce("x", "t", 1, SimVerbs.batch(pid, 0))
                .errorCode()));
        assertFalse(older.client.isHungUpOn());
    }

    @Test @DisplayName("FEATURES 25: version 2 needs no connection to know what is late, its epoch tells")
    void versionTwoIsToldByItsEpoch() {
        Pid pid = begin();
        EndTxnResponseData ended = newer.client.ask(ApiKeys.END_TXN, 5, SimVerbs.ending("x", pid, true));

        EndTxnResponseData again = older.client.ask(ApiKeys.END_TXN, 5, SimVerbs.ending("x", pid, true));

        assertEquals(ended.producerEpoch(), again.producerEpoch());
        assertFalse(older.client.isHungUpOn());
    }

    @Test @DisplayName("FEATURES 16: a fenced producer that reconnects costs its successor no connection")
    void aFencedProducerDoesNotCount() {
        Pid fenced = begin();
        SimVerbs successor = new SimVerbs(sim);
        Pid pid = successor.initProducer("x", 60_000);
        SimVerbs reconnected = new SimVerbs(sim);

        assertEquals(Errors.PRODUCER_FENCED, end(reconnected, fenced, true));
        successor.enlist("x", pid, "t", 0);
        assertEquals(Errors.NONE, end(successor, pid, true));
    }

    @Test @DisplayName("FEATURES 16: a replaced producer is told that it is fenced, on its older connection")
    void aReplacedProducerIsTold() {
        Pid replaced = begin();
        Pid pid = newer.initProducer("x", 60_000);
        newer.enlist("x", pid, "t", 0);

        assertEquals(Errors.PRODUCER_FENCED, end(older, replaced, true));
        assertFalse(older.client.isHungUpOn());
        assertEquals(Errors.NONE, end(newer, pid, true));
    }

    @Test @DisplayName("FEATURES 26: each transactional id has its own newest connection")
    void idsAreApart() {
        Pid pid = begin();
        Pid other = older.initProducer("y", 60_000);
        older.enlist("y", other, "t", 0);
        EndTxnResponseData ended = older.client.ask(ApiKeys.END_TXN, 3, SimVerbs.ending("y", other, true));

        assertEquals(Errors.NONE, Errors.forCode(ended.errorCode()));
        assertEquals(Errors.NONE, end(newer, pid, true));
    }

    /** A transaction with a record, begun on the older connection and enlisted again on the newer one. */
    private Pid begin() {
        older.createTopic("t", 2, java.util.Map.of());
        Pid pid = older.initProducer("x", 60_000);
        older.enlist("x", pid, "t", 0);
        assertEquals(0, older.produce("x", "t", 0, SimVerbs.batch(pid, 0)).errorCode());
        newer.enlist("x", pid, "t", 0);
        return pid;
    }

    private static Errors end(SimVerbs verbs, Pid pid, boolean commit) {
        EndTxnResponseData answer = verbs.client.ask(ApiKeys.END_TXN, 3, SimVerbs.ending("x", pid, commit));
        return Errors.forCode(answer.errorCode());
    }

    private void assertHungUpOn(ApiKeys api, int version, ApiMessage body) {
        SimClient late = sim.connectAs(older.client);
        int id = late.post(api, version, body);
        sim.until(late::isHungUpOn, "the client to be hung up on for " + api + " version " + version);
        sim.run.passMs(100);
        assertFalse(late.isAnswered(id));
        assertTrue(late.isHungUpOn());
    }

    private static AddPartitionsToTxnRequestData enlisting(Pid pid) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId("x").setV3AndBelowProducerId(pid.id())
                .setV3AndBelowProducerEpoch(pid.epoch());
        request.v3AndBelowTopics().add(new AddPartitionsToTxnTopic().setName("t").setPartitions(List.of(1)));
        return request;
    }
}
