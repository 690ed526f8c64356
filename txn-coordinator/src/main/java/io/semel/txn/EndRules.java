package io.semel.txn;

import io.semel.kernel.law.Decision;
import io.semel.txn.TxnCommand.End;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnTable.Standing;
import io.semel.wire.error.ErrorCode;

/**
 * EndTxn: decide once (I8), wait for the markers, then find that it was done. Owned by the room's lane.
 *
 * <p>Version 1 knows its transaction by the epoch alone. Version 2 (KIP-890) raises the epoch with each
 * decision: the epoch below the one in use means a repeat, the epoch in use means the transaction after.
 */
final class EndRules {
    private final TxnRules rules;
    private final TxnTable table;

    EndRules(TxnRules rules, TxnTable table) {
        this.rules = rules;
        this.table = table;
    }

    Decision<TxnEvent, TxnReply> end(End command, long nowMs) {
        if (TxnRules.nameless(command.transactionalId())) return TxnRules.reject(ErrorCode.INVALID_REQUEST);
        Standing standing = table.standing(command.transactionalId());
        if (standing == null) return TxnRules.reject(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        return command.version2() ? endVersion2(standing, command, nowMs)
            : endVersion1(standing, command, nowMs);
    }

    private Decision<TxnEvent, TxnReply> endVersion1(Standing standing, End command, long nowMs) {
        Txn txn = standing.txn();
        ErrorCode error = TxnRules.notTheOwner(txn, command.producerId(), command.epoch());
        if (error != null) return TxnRules.reject(standing, error);
        return switch (txn.phase()) {
            case EMPTY -> TxnRules.reject(standing, ErrorCode.INVALID_TXN_STATE);
            case ONGOING -> rules.prepareAndAwait(txn.prepared(command.commit(), nowMs), nowMs);
            case PREPARE_COMMIT, PREPARE_ABORT -> txn.phase().endsWith(command.commit())
                ? rules.await(txn, nowMs) : TxnRules.reject(standing, ErrorCode.INVALID_TXN_STATE);
            case COMPLETE_COMMIT, COMPLETE_ABORT -> txn.phase().endsWith(command.commit())
                ? ended(standing) : TxnRules.reject(standing, ErrorCode.INVALID_TXN_STATE);
        };
    }

    private Decision<TxnEvent, TxnReply> endVersion2(Standing standing, End command, long nowMs) {
        Txn txn = standing.txn();
        if (txn.willHandOut(command.producerId(), command.epoch())) return rules.await(txn, nowMs);
        boolean replaced = repeatedAfterReplacement(txn, command);
        if (txn.producerId() != command.producerId() && !replaced) {
            return TxnRules.reject(standing, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        boolean repeated = replaced || txn.raisedByItsEnd() && txn.producerEpoch() == command.epoch() + 1;
        boolean current = !replaced && txn.producerEpoch() == command.epoch();
        if (!repeated && !current) return TxnRules.reject(standing, ErrorCode.PRODUCER_FENCED);
        return repeated ? repeat(standing, command, nowMs) : endCurrent(standing, command, nowMs);
    }

    /** The last epoch of the producer id before is used up: by the end that this repeats, if one stands. */
    private static boolean repeatedAfterReplacement(Txn txn, End command) {
        return txn.producerEpoch() == 0 && command.epoch() == Txn.EPOCH_LAST
            && txn.previousProducerId() == command.producerId() && txn.producerId() != command.producerId();
    }

    private Decision<TxnEvent, TxnReply> repeat(Standing standing, End command, long nowMs) {
        Txn txn = standing.txn();
        boolean same = txn.phase().endsWith(command.commit());
        return switch (txn.phase()) {
            case EMPTY, ONGOING -> TxnRules.reject(standing, ErrorCode.PRODUCER_FENCED);
            case PREPARE_COMMIT, PREPARE_ABORT -> same
                ? rules.await(txn, nowMs) : TxnRules.reject(standing, otherEnd(command));
            case COMPLETE_COMMIT, COMPLETE_ABORT -> {
                if (!same) yield TxnRules.reject(standing, otherEnd(command));
                yield txn.producerEpoch() > Txn.EPOCH_LAST ? prepareVersion2(standing, command, nowMs)
                    : ended(standing);
            }
        };
    }

    /**
     * The transaction was ended the other way. A commit that finds an abort lost a race with a time-out or
     * with a successor: its producer is fenced (KAFKA-20785; Kafka 4.3.1 says INVALID_TXN_STATE).
     */
    private static ErrorCode otherEnd(End command) {
        return command.commit() ? ErrorCode.PRODUCER_FENCED : ErrorCode.INVALID_TXN_STATE;
    }

    private Decision<TxnEvent, TxnReply> endCurrent(Standing standing, End command, long nowMs) {
        return switch (standing.txn().phase()) {
            case ONGOING -> prepareVersion2(standing, command, nowMs);
            case PREPARE_COMMIT, PREPARE_ABORT -> rules.await(standing.txn(), nowMs);
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> command.commit()
                ? TxnRules.reject(standing, ErrorCode.INVALID_TXN_STATE)
                : prepareVersion2(standing, command, nowMs);
        };
    }

    /**
     * Decides; when epochs have run out, the end hands out a fresh producer id. So it does for a repeated
     * abort whose transaction was fenced under the very last epoch, which is never given to a producer: an
     * empty abort then leads to the fresh producer id.
     */
    private Decision<TxnEvent, TxnReply> prepareVersion2(Standing standing, End command, long nowMs) {
        Txn txn = standing.txn();
        if (txn.exhausted() && command.freshProducerId() == Txn.NONE) return TxnRules.needsProducerId();
        long nextProducerId = txn.exhausted() ? command.freshProducerId() : Txn.NONE;
        Txn prepared = txn.preparedWithNextEpoch(command.commit(), nextProducerId, nowMs);
        return rules.prepareAndAwait(prepared, nowMs);
    }

    private static Decision<TxnEvent, TxnReply> ended(Standing standing) {
        Txn txn = standing.txn();
        TxnReply reply = new Ended(txn.producerId(), txn.producerEpoch());
        return Decision.<TxnEvent, TxnReply>reply(reply).restingOn(standing.groundOfEnd());
    }
}
