package io.semel.streams.run;

import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The one door to the cluster and to time: everything a host asks of them it asks of what comes through
 * here, so that a test can stand in with a log of its own and every fault on it. Called by host
 * threads; each client it makes
 * has one owner.
 */
public interface Clients {
    /** A read-committed group member that never commits by itself and refuses to guess a missing offset. */
    Consumer<byte[], byte[]> member(String group, Optional<String> groupInstanceId, String clientId);

    /** A read-committed reader outside any group, for restoring. */
    Consumer<byte[], byte[]> reader(String clientId);

    /** A transactional producer. */
    Producer<byte[], byte[]> producer(String transactionalId);

    /** Topics: their partitions, ends and creation. */
    TopicDesk topics();

    /** Where one host's commits are finished. */
    CommitLane lane(String name);

    /** The clock, in milliseconds. */
    long clockMs();

    /** Whether a rule is switched off, to show that breaking it is noticed. */
    default boolean isSabotaged(Saboteur saboteur) {
        return false;
    }
}
