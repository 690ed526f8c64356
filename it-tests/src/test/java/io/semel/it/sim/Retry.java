package io.semel.it.sim;

import org.apache.kafka.common.protocol.Errors;

/** Which answers mean "the same again, a little later" to clients. Stateless. */
final class Retry {
    private Retry() {
    }

    static boolean helps(Errors error) {
        return switch (error) {
            case CONCURRENT_TRANSACTIONS, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR,
                    NOT_LEADER_OR_FOLLOWER, LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION,
                            UNKNOWN_TOPIC_ID, KAFKA_STORAGE_ERROR,
                    REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                            UNSTABLE_OFFSET_COMMIT,
                    OFFSET_NOT_AVAILABLE -> true;
            default -> false;
        };
    }
}
