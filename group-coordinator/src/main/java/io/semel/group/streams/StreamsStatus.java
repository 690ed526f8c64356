package io.semel.group.streams;

/** What a group's members are told about it besides their tasks, in the protocol's codes. Immutable. */
public record StreamsStatus(Code code, String detail) {
    /** The protocol's codes are the places here. */
    public enum Code {
        STALE_TOPOLOGY, MISSING_SOURCE_TOPICS, INCORRECTLY_PARTITIONED_TOPICS, MISSING_INTERNAL_TOPICS,
        SHUTDOWN_APPLICATION, ASSIGNMENT_DELAYED;

        public byte wire() {
            return (byte) ordinal();
        }
    }
}
