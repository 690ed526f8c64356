package io.semel.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.kernel.law.Invariant;
import io.semel.wire.topic.TopicPartition;
import java.util.List;
import org.apache.kafka.coordinator.transaction.TransactionState;
import org.junit.jupiter.api.Test;

/** The phases are Kafka's: numbers, names and transitions, but for those it never stores. */
class TxnPhaseTest {
    @Test
    void movesAsKafkaMoves() {
        for (TxnPhase from : TxnPhase.values()) {
            for (TxnPhase to : TxnPhase.values()) {
                boolean kafkas = TransactionState.fromId(to.code()).validPreviousStates()
                    .contains(TransactionState.fromId(from.code()));

                assertEquals(kafkas, from.mayBecome(to), from + " to " + to);
            }
        }
    }

    @Test
    void isNamedAndNumberedAsInKafka() {
        for (TxnPhase phase : TxnPhase.values()) {
            assertEquals(phase.name(), TransactionState.fromId(phase.code()).name());
            assertEquals(phase.wireName(), TransactionState.fromId(phase.code()).stateName());
        }
    }

    @Test
    void refusesATransitionThatIsNotInTheTable() {
        Txn empty = Txn.born("app", 1, 60_000, 0);
        Txn committing = empty.enlisted(List.of(new TopicPartition("in", 0)), true, 1)
            .preparedWithNextEpoch(true, -1, 2);

        assertThrows(Invariant.InvariantViolation.class, () -> empty.prepared(true, 1));
        assertThrows(Invariant.InvariantViolation.class, () ->
            committing.preparedWithNextEpoch(false, -1, 3));
        assertThrows(Invariant.InvariantViolation.class, () -> committing.enlisted(List.of(), true, 3));
        assertThrows(Invariant.InvariantViolation.class, () -> empty.completed(1));
    }
}
