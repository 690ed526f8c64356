package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.courier.Transactions;
import io.semel.broker.partition.ProduceAsker;
import io.semel.broker.partition.Rooms;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Produce (0). Each partition's batch goes to its partition; a transaction's first batch there comes back
 * with a guard, is enlisted (KIP-890: version 12 and later add the partition, older ones only have it
 * verified) and goes again by the same door.
 */
public final class ProduceDesk implements Desk {
    private static final short OLDEST_SERVED = 3;
    private static final short IMPLICIT_ENLISTMENT = 12;
    private static final short KNOWS_ABORTABLE = 11;
    private static final short TOPIC_IDS_FROM = 13;

    private final Topics topics;
    private final Rooms rooms;
    private final Transactions transactions;
    private final ProduceCheck check;
    private final boolean overtakes;

    public ProduceDesk(World world, Topics topics, Rooms rooms, Transactions transactions,
            int messageBytesMax) {
        this.topics = topics;
        this.rooms = rooms;
        this.transactions = transactions;
        this.check = new ProduceCheck(topics, messageBytesMax, world.clock());
        this.overtakes = world.sabotaged(Saboteur.OVERTAKE_ENLISTMENT);
    }

    @Override
    public Api api() {
        return Api.PRODUCE;
    }

    @Override
    public Object prepare(ApiMessage body, short version) {
        return check.all((ProduceRequestData) body, version);
    }

    @Override
    public void serve(Call call) {
        ProduceRequestData request = call.body();
        ProduceResponseData response = new ProduceResponseData();
        Gathering gathering = new Gathering(() -> {
            if (request.acks() == 0) endSilently(call, response);
            else call.reply(response);
        });
        ProduceCheck.Findings findings = (ProduceCheck.Findings) call.prepared();
        int index = 0;
        for (TopicProduceData topicData : request.topicData()) {
            Topic topic = topics.find(topicData.name(), topicData.topicId());
            TopicProduceResponse answers = new TopicProduceResponse().setName(topicData.name())
                    .setTopicId(topicData.topicId());
            response.responses().add(answers);
            for (PartitionProduceData data : topicData.partitionData()) {
                PartitionProduceResponse answer = new PartitionProduceResponse().setIndex(data.index());
                answers.partitionResponses().add(answer);
                ProduceCheck.Finding finding = findings.list().get(index++);
                answer.setRecordErrors(finding.records());
                ErrorCode refusal = refusalOf(call, request, topicData, topic, data, finding);
                if (refusal != ErrorCode.NONE) {
                    answer.setErrorCode(refusal.code()).setBaseOffset(-1).setErrorMessage(finding.message());
                    continue;
                }
                gathering.expectOne();
                new Item(call, request.transactionalId(), new TopicPartition(topic.name(), data.index()),
                        finding.batch(), answer, gathering).stamping(topic.stampsAppendTime()).enter();
            }
        }
        gathering.oneCame();
    }

    /**
     * Nobody waits for an answer, so that a refusal is told by hanging up: the client then asks where its
     * topics are.
     */
    private static void endSilently(Call call, ProduceResponseData response) {
        boolean refused = false;
        for (TopicProduceResponse topic : response.responses()) {
            for (PartitionProduceResponse answer : topic.partitionResponses()) {
                refused |= answer.errorCode() != ErrorCode.NONE.code();
            }
        }
        if (refused) call.connection().hangUp();
        call.silent();
    }

    private static ErrorCode refusalOf(Call call, ProduceRequestData request, TopicProduceData topicData,
            Topic topic,
                                       PartitionProduceData data, ProduceCheck.Finding finding) {
        if (call.version() < OLDEST_SERVED) return ErrorCode.UNSUPPORTED_VERSION;
        if (request.acks() < -1 || request.acks() > 1) return ErrorCode.INVALID_REQUIRED_ACKS;
        if (topic == null) {
            return call.version() >= TOPIC_IDS_FROM ? ErrorCode.UNKNOWN_TOPIC_ID
                    : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (data.index() < 0 || data.index() >= topic.partitions()) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (topic.isInternal()) return ErrorCode.INVALID_TOPIC_EXCEPTION;
        if (finding.error() != ErrorCode.NONE) return finding.error();
        ByteBuffer batch = finding.batch();
        boolean transactional = new BatchHeader().wrap(batch, batch.position()).isTransactional();
        boolean nameless = transactional && request.transactionalId() == null;
        return nameless ? ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED : ErrorCode.NONE;
    }

    /** One batch for one partition on its way. Owned by the call's home lane. */
    private final class Item implements ProduceAsker {
        private final Call call;
        private final String transactionalId;
        private final TopicPartition name;
        private final ByteBuffer batch;
        private final PartitionProduceResponse answer;
        private final Gathering gathering;
        private final long producerId;
        private final short producerEpoch;
        private final boolean keepsOrder;
        private boolean stampsAppendTime;
        /** On its first way to the partition: the line counts it. */
        private boolean wentAhead;

        Item(Call call, String transactionalId, TopicPartition name, ByteBuffer batch,
                PartitionProduceResponse answer,
             Gathering gathering) {
            this.call = call;
            this.transactionalId = transactionalId;
            this.name = name;
            this.batch = batch;
            this.answer = answer;
            this.gathering = gathering;
            BatchHeader header = new BatchHeader().wrap(batch, batch.position());
            this.producerId = header.producerId();
            this.producerEpoch = header.producerEpoch();
            this.keepsOrder = header.isTransactional() && !overtakes;
        }

        Item stamping(boolean stamps) {
            stampsAppendTime = stamps;
            return this;
        }

        @Override
        public boolean stampsAppendTime() {
            return stampsAppendTime;
        }

        void enter() {
            boolean inLine = keepsOrder && call.connection().enlistments()
                    .standBehind(producerId, name, this::goAhead);
            if (!inLine) goAhead();
        }

        private void goAhead() {
            wentAhead = true;
            attempt(0);
        }

        private void attempt(long guard) {
            boolean version2 = call.version() >= IMPLICIT_ENLISTMENT;
            rooms.ask(name, partition -> partition.produce(batch, version2, guard, this), this::refused);
        }

        @Override
        public void accepted(long baseOffset, long logStartOffset, long appendTimeMs) {
            call.home().post(() -> {
                leaveLine();
                answer.setBaseOffset(baseOffset).setLogStartOffset(logStartOffset)
                        .setLogAppendTimeMs(appendTimeMs);
                gathering.oneCame();
            });
        }

        @Override
        public void refused(ErrorCode error) {
            call.home().post(() -> {
                if (cameTooEarly(error)) {
                    wentAhead = false;
                    call.connection().enlistments().cameBack(producerId, name, true, this::goAhead);
                    return;
                }
                leaveLine();
                refusedHome(error);
            });
        }

        @Override
        public void needsEnlistment(long guard) {
            call.home().post(() -> {
                boolean counted = wentAhead;
                wentAhead = false;
                if (!keepsOrder || call.connection().enlistments()
                        .cameBack(producerId, name, counted, this::goAhead)) enlist(guard);
            });
        }

        private boolean cameTooEarly(ErrorCode error) {
            return error == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER && keepsOrder && wentAhead
                    && call.connection().enlistments().isOpen(producerId, name);
        }

        private void leaveLine() {
            if (keepsOrder && wentAhead) call.connection().enlistments().answered(producerId, name);
            wentAhead = false;
        }

        private void enlist(long guard) {
            TxnCommand command = call.version() >= IMPLICIT_ENLISTMENT
                    ? new TxnCommand.Enlist(transactionalId, producerId, producerEpoch, List.of(name), true)
                    : new TxnCommand.Verify(transactionalId, producerId, producerEpoch, name);
            transactions.ask(transactionalId, command, call.home(), reply -> enlisted(guard, reply));
        }

        private void enlisted(long guard, TxnReply reply) {
            if (reply instanceof TxnReply.Rejected rejected) refusedHome(forProducer(rejected.error()));
            else attempt(guard);
            if (keepsOrder) call.connection().enlistments().headGone(producerId, name);
        }

        private void refusedHome(ErrorCode error) {
            answer.setErrorCode(error.code()).setBaseOffset(-1);
            gathering.oneCame();
        }

        /**
         * How a coordinator's refusal is told to a producer (FEATURES 1.3): retriable ones as one that asks
         * for no new metadata.
         */
        private ErrorCode forProducer(ErrorCode error) {
            return switch (error) {
                case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
                case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR,
                        NETWORK_EXCEPTION ->
                        ErrorCode.NOT_ENOUGH_REPLICAS;
                case CONCURRENT_TRANSACTIONS -> call.version() >= IMPLICIT_ENLISTMENT ? error
                        : ErrorCode.NOT_ENOUGH_REPLICAS;
                case TRANSACTION_ABORTABLE -> call.version() >= KNOWS_ABORTABLE ? error
                        : ErrorCode.INVALID_TXN_STATE;
                default -> error;
            };
        }
    }
}
