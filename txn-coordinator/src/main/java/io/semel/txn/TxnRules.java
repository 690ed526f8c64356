package io.semel.txn;

import io.semel.kernel.law.Decision;
import io.semel.txn.TxnCommand.Describe;
import io.semel.txn.TxnCommand.End;
import io.semel.txn.TxnCommand.Enlist;
import io.semel.txn.TxnCommand.InitProducerId;
import io.semel.txn.TxnCommand.ListAll;
import io.semel.txn.TxnCommand.MarkersWritten;
import io.semel.txn.TxnCommand.Verify;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnEvent.TxnRemoved;
import io.semel.txn.TxnReply.Described;
import io.semel.txn.TxnReply.Enlisted;
import io.semel.txn.TxnReply.Listed;
import io.semel.txn.TxnReply.NeedsProducerId;
import io.semel.txn.TxnReply.Noted;
import io.semel.txn.TxnReply.Rejected;
import io.semel.txn.TxnReply.Verified;
import io.semel.txn.TxnTable.Standing;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A method per command: what it leads to in the table's state. Reads, never changes. Owned by the room's
 * lane.
 */
final class TxnRules {
    static final TxnReply UNAVAILABLE = new Rejected(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    private static final TxnReply LATE = new Rejected(ErrorCode.CONCURRENT_TRANSACTIONS);
    private static final TxnReply ENLISTED = new Enlisted();
    private static final TxnReply VERIFIED = new Verified();
    private static final TxnReply NEEDS_PRODUCER_ID = new NeedsProducerId();
    private static final TxnReply NOTED = new Noted();
    /** How many ids one Tick changes; what remains is due at once. */
    private static final int DUE_MAX = 256;

    private final TxnTable table;
    private final TxnLimits limits;
    private final InitRules initRules;
    private final EndRules endRules;

    TxnRules(TxnTable table, TxnLimits limits, TxnFaults faults) {
        this.table = table;
        this.limits = limits;
        this.initRules = new InitRules(this, table, limits, faults);
        this.endRules = new EndRules(this, table);
    }

    Decision<TxnEvent, TxnReply> init(InitProducerId command, long nowMs) {
        return initRules.init(command, nowMs);
    }

    Decision<TxnEvent, TxnReply> end(End command, long nowMs) {
        return endRules.end(command, nowMs);
    }

    Decision<TxnEvent, TxnReply> enlist(Enlist command, long nowMs) {
        if (nameless(command.transactionalId())) return reject(ErrorCode.INVALID_REQUEST);
        Standing standing = table.standing(command.transactionalId());
        if (standing == null) return reject(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        Txn txn = standing.txn();
        if (txn.willHandOut(command.producerId(), command.epoch())) return await(txn, nowMs);
        ErrorCode error = notTheOwner(txn, command.producerId(), command.epoch());
        if (error != null) return reject(standing, error);
        if (txn.phase().prepared()) return await(txn, nowMs);
        if (txn.enlistsAll(command.partitions())) return reply(standing, ENLISTED);
        return Decision.write(new TxnChanged(txn.enlisted(command.partitions(), command.version2(), nowMs)),
            ENLISTED);
    }

    Decision<TxnEvent, TxnReply> verify(Verify command) {
        if (nameless(command.transactionalId())) return reject(ErrorCode.INVALID_REQUEST);
        Standing standing = table.standing(command.transactionalId());
        if (standing == null) return reject(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        Txn txn = standing.txn();
        ErrorCode error = notTheOwner(txn, command.producerId(), command.epoch());
        if (error != null) return reject(standing, error);
        if (txn.phase().prepared()) return reject(standing, ErrorCode.CONCURRENT_TRANSACTIONS);
        if (!txn.enlists(command.partition())) return reject(standing, ErrorCode.TRANSACTION_ABORTABLE);
        return reply(standing, VERIFIED);
    }

    /** I6: only the outcome of the PREPARE that stands now completes it; any other is late. */
    Decision<TxnEvent, TxnReply> markersWritten(MarkersWritten command, long nowMs) {
        Standing standing = table.standing(command.transactionalId());
        boolean stands = standing != null && standing.txn().phase().prepared()
            && standing.offset() == command.restsOn();
        return stands ? Decision.write(new TxnChanged(standing.txn().completed(nowMs)), NOTED)
            : Decision.reply(NOTED);
    }

    /**
     * Whoever took too long is fenced: epoch and phase change in one event. Whoever was silent too long is
     * forgotten.
     */
    Decision<TxnEvent, TxnReply> tick(long nowMs) {
        List<TxnEvent> events = new ArrayList<>();
        for (Txn txn : table.due(nowMs, DUE_MAX)) {
            boolean ongoing = txn.phase() == TxnPhase.ONGOING;
            events.add(ongoing ? new TxnChanged(fenced(txn, nowMs)) : new TxnRemoved(txn.transactionalId()));
        }
        return Decision.write(events, NOTED);
    }

    Decision<TxnEvent, TxnReply> describe(Describe command) {
        if (nameless(command.transactionalId())) return reject(ErrorCode.INVALID_REQUEST);
        Standing standing = table.standing(command.transactionalId());
        if (standing == null) return reject(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND);
        return reply(standing, new Described(standing.txn()));
    }

    Decision<TxnEvent, TxnReply> list(ListAll command, long nowMs) {
        List<Txn> txns = new ArrayList<>();
        for (Standing standing : table.standings()) {
            Txn txn = standing.txn();
            if (!command.phases().isEmpty() && !command.phases().contains(txn.phase())) continue;
            Set<Long> producerIds = command.producerIds();
            if (!producerIds.isEmpty() && !producerIds.contains(txn.producerId())) continue;
            if (command.durationMs() >= 0 && nowMs - txn.startMs() <= command.durationMs()) continue;
            if (command.names().test(txn.transactionalId())) txns.add(txn);
        }
        return Decision.reply(new Listed(txns));
    }

    /**
     * The abort that takes a transaction out of its producer's hands. The epoch rises by one, to the one kept
     * in reserve when need be: the producer id is then replaced when somebody asks for the next epoch, since
     * no fresh one is at hand here.
     */
    Txn fenced(Txn txn, long nowMs) {
        return txn.preparedWithNextEpoch(false, Txn.NONE, nowMs);
    }

    /** Waits for the markers of the PREPARE that stands. */
    Decision<TxnEvent, TxnReply> await(Txn txn, long nowMs) {
        return Decision.park(txn.transactionalId(), nowMs + limits.parkMs(), LATE);
    }

    /** Decides, then waits for the markers. */
    Decision<TxnEvent, TxnReply> prepareAndAwait(Txn prepared, long nowMs) {
        List<TxnEvent> events = List.of(new TxnChanged(prepared));
        return Decision.writeAndPark(events, prepared.transactionalId(), nowMs + limits.parkMs(), LATE);
    }

    static boolean nameless(String transactionalId) {
        return transactionalId == null || transactionalId.isEmpty();
    }

    /** Null for the owner. */
    static ErrorCode notTheOwner(Txn txn, long producerId, short epoch) {
        if (txn.producerId() != producerId) return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        return txn.producerEpoch() != epoch ? ErrorCode.PRODUCER_FENCED : null;
    }

    /** Rests on nothing: it tells nothing, and the command is decided again from the start. */
    static Decision<TxnEvent, TxnReply> needsProducerId() {
        return Decision.<TxnEvent, TxnReply>reply(NEEDS_PRODUCER_ID).restingOn(0);
    }

    static Decision<TxnEvent, TxnReply> reply(Standing standing, TxnReply reply) {
        return Decision.<TxnEvent, TxnReply>reply(reply).restingOn(standing.ground());
    }

    static Decision<TxnEvent, TxnReply> reject(Standing standing, ErrorCode error) {
        return reply(standing, new Rejected(error));
    }

    /** Rests on everything: an id that is not known may be one whose removal is not durable yet. */
    static Decision<TxnEvent, TxnReply> reject(ErrorCode error) {
        return Decision.reply(new Rejected(error));
    }
}
