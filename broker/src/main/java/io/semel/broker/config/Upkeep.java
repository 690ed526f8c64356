package io.semel.broker.config;

/**
 * How often and how much is done beside the requests, as it was set at start (see {@link BrokerKeys}). Times
 * in milliseconds, sizes in bytes. Immutable.
 *
 * @param pointsEveryMs   how far logs are forced is written down so often; nothing above is cleaned
 * @param cleanerRestMs   the cleaner rests so long when no log wants cleaning
 * @param cleanerMapBytes most memory for the keys of one cleaning; more keys than it holds take several
 * @param stateEveryBytes a coordinator's state is written down after so much of its journal, or as much as
 *                        the state itself takes if that is more
 * @param snapshotEveryBytes what a partition knows of its producers is written down after so much of its log,
 *                        or sixteen times what it takes if that is more
 */
public record Upkeep(long pointsEveryMs, long cleanerRestMs, int cleanerMapBytes, int stateEveryBytes,
                     int snapshotEveryBytes) {
    static final String POINTS = "log.flush.offset.checkpoint.interval.ms";
    static final String REST = "log.cleaner.backoff.ms";
    static final String MAP = "log.cleaner.dedupe.buffer.size";
    static final String STATE = "semel.state.snapshot.bytes";
    static final String SNAPSHOT = "semel.producer.snapshot.bytes";

    public static Upkeep of(BrokerConfig config) {
        return new Upkeep(config.number(POINTS, 2_000), config.number(REST, 15_000),
                (int) config.number(MAP, 32 << 20), (int) config.number(STATE, 4 << 20),
                (int) config.number(SNAPSHOT, 64 << 20));
    }
}
