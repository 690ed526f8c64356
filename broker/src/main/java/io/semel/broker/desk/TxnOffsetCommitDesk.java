package io.semel.broker.desk;

import io.semel.broker.courier.Groups;
import io.semel.broker.courier.Transactions;
import io.semel.broker.partition.Partition;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.ShardRoom;
import io.semel.group.GroupCommand;
import io.semel.group.GroupReply;
import io.semel.txn.TxnCommand;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;

/**
 * TxnOffsetCommit (28): offsets that count when the transaction commits (KIP-98, KIP-447). The partition of
 * {@code __consumer_offsets} is enlisted like any other: it gives a guard, the coordinator enlists (version
 * 5 and later) or verifies it, and the commit goes in only if the guard still holds. Of an older version, one
 * that comes late is turned away before.
 */
public final class TxnOffsetCommitDesk implements Desk {
    private static final short IMPLICIT_ENLISTMENT = 5;
    private static final short KNOWS_ABORTABLE = 4;

    private final Topics topics;
    private final Rooms rooms;
    private final Transactions transactions;
    private final NewestConnections connections;
    private final Groups groups;

    public TxnOffsetCommitDesk(Topics topics, Rooms rooms, Transactions transactions,
            NewestConnections connections, Groups groups) {
        this.topics = topics;
        this.rooms = rooms;
        this.transactions = transactions;
        this.connections = connections;
        this.groups = groups;
    }

    @Override
    public Api api() {
        return Api.TXN_OFFSET_COMMIT;
    }

    @Override
    public void serve(Call call) {
        new Commit(call, call.body()).start();
    }

    /**
     * One commit on its way. Owned by the call's home lane, but for {@link #submit}, which runs on the
     * journal's.
     */
    private final class Commit {
        private final Call call;
        private final TxnOffsetCommitRequestData request;
        private final TopicPartition journal;
        private final TxnOffsetCommitResponseData response = new TxnOffsetCommitResponseData();
        private final List<GroupCommand.OffsetToCommit> offsets = new ArrayList<>();
        private final List<TxnOffsetCommitResponsePartition> places = new ArrayList<>();

        Commit(Call call, TxnOffsetCommitRequestData request) {
            this.call = call;
            this.request = request;
            this.journal = groups.journalOf(request.groupId());
        }

        void start() {
            for (TxnOffsetCommitRequestTopic topic : request.topics()) {
                TxnOffsetCommitResponseTopic answers = new TxnOffsetCommitResponseTopic()
                        .setName(topic.name());
                response.topics().add(answers);
                for (TxnOffsetCommitRequestPartition asked : topic.partitions()) {
                    TxnOffsetCommitResponsePartition answer = new TxnOffsetCommitResponsePartition()
                            .setPartitionIndex(asked.partitionIndex());
                    answers.partitions().add(answer);
                    if (!topics.has(topic.name(), asked.partitionIndex())) {
                        answer.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
                        continue;
                    }
                    places.add(answer);
                    offsets.add(new GroupCommand.OffsetToCommit(new TopicPartition(topic.name(),
                            asked.partitionIndex()),
                            asked.committedOffset(), asked.committedLeaderEpoch(), asked.committedMetadata(),
                            topics.byName(topic.name()).id()));
                }
            }
            if (request.groupId().isEmpty()) end(ErrorCode.INVALID_GROUP_ID);
            else if (offsets.isEmpty()) call.reply(response);
            else if (call.version() >= IMPLICIT_ENLISTMENT) askGuard();
            else connections.admitOffsets(call, new NewestConnections.Owner(request.transactionalId(),
                    request.producerId(), request.producerEpoch()), this::askGuard,
                    () -> end(ErrorCode.COORDINATOR_NOT_AVAILABLE));
        }

        private void askGuard() {
            rooms.ask(journal, partition -> {
                long guard = partition.guardFor(request.producerId(), request.producerEpoch(),
                        call.version() >= IMPLICIT_ENLISTMENT);
                call.home().post(() -> {
                    if (guard == 0) commit(0);
                    else enlist(guard);
                });
            }, refused -> call.home().post(() -> end(ErrorCode.COORDINATOR_NOT_AVAILABLE)));
        }

        private void enlist(long guard) {
            String transactionalId = request.transactionalId();
            TxnCommand command = call.version() >= IMPLICIT_ENLISTMENT
                    ? new TxnCommand.Enlist(transactionalId, request.producerId(), request.producerEpoch(),
                            List.of(journal), true)
                    : new TxnCommand.Verify(transactionalId, request.producerId(), request.producerEpoch(),
                            journal);
            transactions.ask(transactionalId, command, call.home(), reply -> {
                if (reply instanceof TxnReply.Rejected rejected) end(forProducer(rejected.error()));
                else commit(guard);
            });
        }

        private void commit(long guard) {
            rooms.ask(journal, partition -> submit(partition, guard),
                    refused -> call.home().post(() -> end(ErrorCode.COORDINATOR_NOT_AVAILABLE)));
        }

        @SuppressWarnings("unchecked")
        private void submit(Partition partition, long guard) {
            ErrorCode error = partition.judgeOffsets(request.producerId(), request.producerEpoch(), guard);
            if (error != ErrorCode.NONE) {
                call.home().post(() -> end(error));
                return;
            }
            GroupCommand commit = new GroupCommand.CommitOffsets(request.groupId(), request.memberId(),
                    request.generationId(),
                    request.groupInstanceId(), offsets, request.producerId(), request.producerEpoch());
            ((ShardRoom<GroupCommand, ?, GroupReply>) partition.room())
                    .submit(commit, reply -> call.home().post(() -> {
                for (int index = 0; index < places.size(); index++) {
                    places.get(index)
                            .setErrorCode(forProducer(OffsetCommitDesk.errorAt(reply, index)).code());
                }
                call.reply(response);
            }));
        }

        private void end(ErrorCode error) {
            for (TxnOffsetCommitResponsePartition place : places) place.setErrorCode(error.code());
            call.reply(response);
        }

        /**
         * Only codes that a producer retries or understands here; CONCURRENT_TRANSACTIONS would be fatal to
         * it.
         */
        private ErrorCode forProducer(ErrorCode error) {
            return switch (error) {
                case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
                case GROUP_ID_NOT_FOUND, STALE_MEMBER_EPOCH -> ErrorCode.ILLEGAL_GENERATION;
                case CONCURRENT_TRANSACTIONS, NETWORK_EXCEPTION -> ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
                case TRANSACTION_ABORTABLE -> call.version() >= KNOWS_ABORTABLE ? error
                        : ErrorCode.INVALID_TXN_STATE;
                default -> error;
            };
        }
    }
}
