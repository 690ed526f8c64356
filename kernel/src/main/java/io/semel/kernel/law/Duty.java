package io.semel.kernel.law;

/**
 * Something a room owes to the world, read off its state. It leaves only when the journal is durable up to
 * what it rests on (I1).
 */
public interface Duty {
    /**
     * Equal for the same debt and no other; a duty whose key is being carried is not carried again at the
     * same time.
     */
    Object key();

    /**
     * The journal offset of the event that gave rise to it; the duty leaves once the journal is durable
     * beyond this offset.
     */
    long restsOn();
}
