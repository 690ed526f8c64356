package io.semel.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BaselineTest {
    private static final String COMMITS = "tiny | semel force | kafka default | commits/s";
    private static final String P99 = "tiny | semel force | kafka default | p99 ms";

    @Test
    void isReadAsItWasWritten() {
        Baseline baseline = new Baseline(Map.of(COMMITS, 17.4));

        assertEquals(baseline, Baseline.parse(baseline.text()));
    }

    @Test
    void namesWhatBecameWorseThanTolerated() {
        Baseline before = new Baseline(Map.of(COMMITS, 12.0, P99, 9.0, "another | a | b | c", 5.0));
        Baseline now = new Baseline(Map.of(COMMITS, 8.5, P99, 5.0));

        List<String> worse = now.worseThan(before, 1.5);

        assertEquals(List.of(P99 + ": 5.00 times better, it was 9.00"), worse);
    }

    @Test
    void whoHasNothingInCommonIsToldSo() {
        Baseline alone = new Baseline(Map.of());

        assertTrue(assertThrows(IllegalArgumentException.class, () ->
                alone.worseThan(new Baseline(Map.of(P99, 1.0)), 2)).getMessage().contains("with the rival"));
    }

    @Test
    void aLineOfAnotherKindIsNamed() {
        for (String line : List.of("nonsense", "a | b", "tiny | x | y | z | many")) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> Baseline.parse(line)).getMessage()
                    .contains("'" + line + "'"), line);
        }
    }
}
