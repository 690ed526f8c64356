package io.semel.txn;

import io.semel.kernel.law.Decision;
import io.semel.txn.TxnCommand.InitProducerId;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnTable.Standing;
import io.semel.wire.error.ErrorCode;

/**
 * InitProducerId: fence whoever held the id, end what was left open, hand out an epoch nobody has (I3). Owned
 * by the room's lane.
 */
final class InitRules {
    private final TxnRules rules;
    private final TxnTable table;
    private final TxnLimits limits;
    private final TxnFaults faults;

    InitRules(TxnRules rules, TxnTable table, TxnLimits limits, TxnFaults faults) {
        this.rules = rules;
        this.table = table;
        this.limits = limits;
        this.faults = faults;
    }

    Decision<TxnEvent, TxnReply> init(InitProducerId command, long nowMs) {
        if (command.transactionalId() == null) return hand(command);
        ErrorCode error = malformed(command);
        if (error != null) return TxnRules.reject(error);
        Standing standing = table.standing(command.transactionalId());
        if (standing == null) return bear(command, nowMs);
        Txn txn = standing.txn();
        if (command.expects() && stranger(txn, command)) {
            return TxnRules.reject(standing, ErrorCode.PRODUCER_FENCED);
        }
        if (txn.phase().prepared()) return rules.await(txn, nowMs);
        if (faults.noFencing()) return same(standing);
        return txn.phase() == TxnPhase.ONGOING ? interrupt(standing, command, nowMs)
            : succeed(standing, command, nowMs);
    }

    private ErrorCode malformed(InitProducerId command) {
        if (command.transactionalId().isEmpty()) return ErrorCode.INVALID_REQUEST;
        if (command.expects() == (command.expectedEpoch() == Txn.NONE)) return ErrorCode.INVALID_REQUEST;
        if (command.enableTwoPhase()) return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        if (command.keepPrepared()) return ErrorCode.UNSUPPORTED_VERSION;
        boolean timeoutInBounds = command.timeoutMs() > 0 && command.timeoutMs() <= limits.timeoutMsMax();
        return timeoutInBounds ? null : ErrorCode.INVALID_TRANSACTION_TIMEOUT;
    }

    /** Neither the producer in use, nor the one before, nor the one that an end will hand out. */
    private static boolean stranger(Txn txn, InitProducerId command) {
        boolean predecessor = command.expectedProducerId() == txn.previousProducerId();
        boolean successor = txn.willHandOut(command.expectedProducerId(), command.expectedEpoch());
        return command.expectedProducerId() != txn.producerId() && !predecessor && !successor;
    }

    private static boolean owner(Txn txn, InitProducerId command) {
        return command.expectedProducerId() == txn.producerId()
            && command.expectedEpoch() == txn.producerEpoch();
    }

    /** An idempotent producer without a transactional id: nothing is remembered of it here. */
    private static Decision<TxnEvent, TxnReply> hand(InitProducerId command) {
        if (command.freshProducerId() == Txn.NONE) return TxnRules.needsProducerId();
        return Decision.reply(new Initialised(command.freshProducerId(), (short) 0));
    }

    private static Decision<TxnEvent, TxnReply> bear(InitProducerId command, long nowMs) {
        if (command.freshProducerId() == Txn.NONE) return TxnRules.needsProducerId();
        long producerId = command.freshProducerId();
        return write(Txn.born(command.transactionalId(), producerId, command.timeoutMs(), nowMs));
    }

    /**
     * Aborts what is ongoing under the next epoch; decided again once the markers are written. A producer
     * that knows an epoch other than the one in use is itself the fenced one, and interrupts nobody (Kafka
     * aborts the owner's transaction first).
     */
    private Decision<TxnEvent, TxnReply> interrupt(Standing standing, InitProducerId command, long nowMs) {
        Txn txn = standing.txn();
        if (command.expects() && !owner(txn, command)) {
            return TxnRules.reject(standing, ErrorCode.PRODUCER_FENCED);
        }
        return rules.prepareAndAwait(rules.fenced(txn, nowMs), nowMs);
    }

    private Decision<TxnEvent, TxnReply> succeed(Standing standing, InitProducerId command, long nowMs) {
        Txn txn = standing.txn();
        boolean owner = owner(txn, command);
        if (command.expects() && !owner && command.expectedEpoch() != txn.lastProducerEpoch()) {
            return TxnRules.reject(standing, ErrorCode.PRODUCER_FENCED);
        }
        boolean repeated = command.expects() && !owner && txn.producerEpoch() <= Txn.EPOCH_LAST;
        if (repeated) return repeat(standing, command, nowMs);
        short lastEpoch = command.expectedEpoch();
        if (!txn.exhausted()) return write(txn.initialised(lastEpoch, command.timeoutMs(), nowMs));
        if (command.freshProducerId() == Txn.NONE) return TxnRules.needsProducerId();
        return write(txn.replaced(command.freshProducerId(), lastEpoch, command.timeoutMs(), nowMs));
    }

    /**
     * The answer was lost, or the transaction ended under the epoch that is now asked for: the same epoch
     * again.
     */
    private static Decision<TxnEvent, TxnReply> repeat(Standing standing, InitProducerId command,
                                                       long nowMs) {
        Txn txn = standing.txn();
        if (txn.phase() == TxnPhase.EMPTY && txn.timeoutMs() == command.timeoutMs()) {
            return same(standing);
        }
        return write(txn.initialisedAgain(command.timeoutMs(), nowMs));
    }

    private static Decision<TxnEvent, TxnReply> same(Standing standing) {
        Txn txn = standing.txn();
        return TxnRules.reply(standing, new Initialised(txn.producerId(), txn.producerEpoch()));
    }

    private static Decision<TxnEvent, TxnReply> write(Txn txn) {
        return Decision.write(new TxnChanged(txn), new Initialised(txn.producerId(), txn.producerEpoch()));
    }
}
