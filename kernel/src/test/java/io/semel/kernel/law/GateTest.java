package io.semel.kernel.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    private final List<String> out = new ArrayList<>();
    private final Gate gate = new Gate(10);

    private Runnable saying(String word) {
        return () -> out.add(word);
    }

    @Test
    void letsOutAtOnceWhatIsDurableAlready() {
        gate.hold(10, saying("ten"));

        assertEquals(List.of("ten"), out);
    }

    @Test
    void releasesByOffsetThenByArrival() {
        gate.hold(13, saying("thirteen"));
        gate.hold(11, saying("eleven"));
        gate.hold(13, saying("thirteen again"));
        gate.hold(12, saying("twelve"));

        gate.durable(12);
        assertEquals(List.of("eleven", "twelve"), out);
        gate.durable(13);

        assertEquals(List.of("eleven", "twelve", "thirteen", "thirteen again"), out);
        assertEquals(0, gate.size());
    }

    @Test
    void admitsMoreWhileReleasing() {
        gate.hold(11, () -> gate.hold(12, saying("from within")));

        gate.durable(12);

        assertEquals(List.of("from within"), out);
    }

    @Test
    void doesNotLetTheDurableOffsetFall() {
        assertThrows(Invariant.InvariantViolation.class, () -> gate.durable(9));
    }

    @Test
    void handsBackWhatItHoldsInOrderWhenDropped() {
        gate.hold(12, saying("twelve"));
        gate.hold(11, saying("eleven"));

        List<Runnable> dropped = gate.drop();
        gate.durable(20);

        assertEquals(List.of(), out);
        dropped.forEach(Runnable::run);
        assertEquals(List.of("eleven", "twelve"), out);
    }

    @Test
    void leaksWhenSabotaged() {
        new Gate(0, true).hold(99, saying("early"));

        assertEquals(List.of("early"), out);
    }
}
