package io.semel.wire.batch;

import java.nio.ByteBuffer;

/**
 * How a room's durable events stand in its journal as records, in Kafka's own formats. Stateless.
 *
 * @param <E> the room's event
 */
public interface EventCodec<E> {
    /** The record's key. */
    ByteBuffer key(E event);

    /** The record's value, null for a tombstone. */
    ByteBuffer value(E event);

    /**
     * The event that a record is, or null for a record of a kind this room does not keep (skipped, never an
     * error).
     */
    E decode(BatchHeader batch, ByteBuffer key, ByteBuffer value);

    /**
     * The event that a transaction's marker in the journal is to this room, or null when it means nothing to
     * it.
     */
    default E marker(BatchHeader batch, boolean commit) {
        return null;
    }

    /**
     * The producer in whose transaction the event stands, -1 for none: such events are appended as a
     * transactional batch.
     */
    default long producerId(E event) {
        return -1;
    }

    default short producerEpoch(E event) {
        return -1;
    }
}
