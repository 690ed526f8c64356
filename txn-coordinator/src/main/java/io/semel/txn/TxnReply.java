package io.semel.txn;

import io.semel.wire.error.ErrorCode;
import java.util.List;

/** What an asker of the coordinator gets. Immutable. */
public sealed interface TxnReply {
    /**
     * No. PRODUCER_FENCED is said to everyone: the desk turns it into INVALID_PRODUCER_EPOCH for request
     * versions that do not know it (InitProducerId below 4, AddPartitionsToTxn, AddOffsetsToTxn and EndTxn
     * below 2).
     */
    record Rejected(ErrorCode error) implements TxnReply {
    }

    /** The producer id and epoch to use from now on. */
    record Initialised(long producerId, short epoch) implements TxnReply {
    }

    /** The partitions belong to the transaction. */
    record Enlisted() implements TxnReply {
    }

    /** The partition belongs to the transaction. */
    record Verified() implements TxnReply {
    }

    /**
     * Every marker is durable. The producer id and epoch to use from now on; those asked with, for version 1.
     */
    record Ended(long producerId, short epoch) implements TxnReply {
    }

    /** Nothing was changed: ask the same again with a producer id that nobody has had. */
    record NeedsProducerId() implements TxnReply {
    }

    /** How one transactional id stands. */
    record Described(Txn txn) implements TxnReply {
    }

    /** How the transactional ids asked for stand, in order of their names. */
    record Listed(List<Txn> txns) implements TxnReply {
    }

    /** To the host, who asked on behalf of time or of a duty. */
    record Noted() implements TxnReply {
    }
}
