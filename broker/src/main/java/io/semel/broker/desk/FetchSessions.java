package io.semel.broker.desk;

import io.semel.broker.desk.FetchSession.Wanted;
import io.semel.kernel.world.Entropy;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;

/**
 * Opens, finds and ends fetch sessions (KIP-227): at most one a connection, and no more of them a lane than
 * its
 * share of {@code max.incremental.fetch.session.cache.slots} (I14). Each lane touches its own slots only.
 */
final class FetchSessions {
    private static final int FINAL_EPOCH = -1;
    private static final int INITIAL_EPOCH = 0;

    /**
     * What a request turns out to be.
     *
     * @param session     null for a fetch by itself
     * @param incremental only what is news is answered
     */
    record Turn(ErrorCode error, List<Wanted> wanted, FetchSession session, boolean incremental) {
        private static Turn refused(ErrorCode error) {
            return new Turn(error, List.of(), null, false);
        }
    }

    private final Entropy entropy;
    private final int[] slotsFree;

    FetchSessions(Entropy entropy, int lanes, int slots) {
        this.entropy = entropy;
        this.slotsFree = new int[lanes];
        for (int lane = 0; lane < lanes; lane++) slotsFree[lane] = (slots + lanes - 1 - lane) / lanes;
    }

    /** On the connection's home lane. */
    Turn turnOf(Connection connection, FetchRequestData request, boolean byId) {
        FetchSession open = connection.fetchSession();
        if (request.sessionEpoch() == FINAL_EPOCH || request.sessionEpoch() == INITIAL_EPOCH) {
            if (open != null && (open.id() == request.sessionId()
                    || request.sessionEpoch() == INITIAL_EPOCH)) {
                end(connection);
            }
            if (request.sessionEpoch() == INITIAL_EPOCH) return begin(connection, request, byId);
            return new Turn(ErrorCode.NONE, FetchSession.wantedBy(request), null, false);
        }
        if (open == null || open.id() != request.sessionId()) {
            return Turn.refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        ErrorCode error = open.judge(request, byId);
        if (error != ErrorCode.NONE) return Turn.refused(error);
        open.update(request);
        if (open.isEmpty()) {
            end(connection);
            return new Turn(ErrorCode.NONE, List.of(), null, false);
        }
        open.next();
        return new Turn(ErrorCode.NONE, open.wanted(), open, true);
    }

    private Turn begin(Connection connection, FetchRequestData request, boolean byId) {
        int lane = connection.home().index();
        FetchSession session = new FetchSession(freshId(), byId);
        session.update(request);
        if (session.isEmpty() || slotsFree[lane] == 0) {
            return new Turn(ErrorCode.NONE, FetchSession.wantedBy(request), null, false);
        }
        slotsFree[lane]--;
        connection.keep(session, () -> slotsFree[lane]++);
        return new Turn(ErrorCode.NONE, session.wanted(), session, false);
    }

    private static void end(Connection connection) {
        connection.keep(null, null);
    }

    private int freshId() {
        int id = (int) entropy.nextLong() & Integer.MAX_VALUE;
        return id == 0 ? 1 : id;
    }
}
