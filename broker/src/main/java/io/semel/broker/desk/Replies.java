package io.semel.broker.desk;

import io.semel.group.GroupReply;
import io.semel.txn.TxnReply;
import io.semel.wire.error.ErrorCode;

/** What a room's refusal is as an error code. */
final class Replies {
    private Replies() {
    }

    static ErrorCode errorOf(GroupReply reply) {
        return reply instanceof GroupReply.Rejected rejected ? rejected.error()
                : ErrorCode.UNKNOWN_SERVER_ERROR;
    }

    static ErrorCode errorOf(TxnReply reply) {
        return reply instanceof TxnReply.Rejected rejected ? rejected.error() : ErrorCode.NONE;
    }
}
