package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge of what members of a group copied must itself be right. */
class ChainsTest {
    private final Outcome outcome = new Outcome(false);
    private long offset;

    private void seen(int chain, long number) {
        outcome.committed.add(chain, offset++, Chains.value("c1", number + 10, new Membership.Step(chain,
                number, "member", null, 1, null)));
    }

    @Test
    void acceptsEveryStepOnceAndTheOffsetAtTheLast() {
        seen(0, 1);
        seen(1, 1);
        seen(0, 2);
        outcome.committed.add(0, offset++, "something else");
        outcome.offsets.put(Chains.name(0), 2L);
        outcome.offsets.put(Chains.name(1), 1L);

        assertEquals(List.of(), Chains.violations(outcome));
    }

    @Test
    void namesAStepTakenTwice() {
        seen(0, 1);
        seen(0, 1);
        outcome.offsets.put(Chains.name(0), 1L);

        assertEquals(List.of("chain copiers/0 stands at 1, its steps are [1, 1]"),
                Chains.violations(outcome));
    }

    @Test
    void namesAnOffsetWithoutItsStep() {
        outcome.offsets.put(Chains.name(0), 1L);

        assertEquals(List.of("chain copiers/0 stands at 1, its steps are []"), Chains.violations(outcome));
    }

    @Test
    void namesAStepWithoutItsOffset() {
        seen(1, 1);

        assertEquals(List.of("chain copiers/1 stands at 0, its steps are [1]"), Chains.violations(outcome));
    }
}
