package io.semel.committed;

import static io.semel.committed.Batches.batch;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CommittedFilterTest {
    private final CommittedFilter filter = new CommittedFilter(List.of(new AbortedRange(1, 10, 20, 21),
            new AbortedRange(1, 0, 5, 6)));

    @Test @DisplayName("FEATURES 21: what was aborted is skipped, up to the marker")
    void skipsAbortedBatches() {
        assertFalse(filter.delivers(batch().pid(1).transactional().at(0)));
        assertFalse(filter.delivers(batch().pid(1).transactional().at(3)));
        assertFalse(filter.delivers(batch().pid(1).marker(false, 0, 5)));
        assertTrue(filter.delivers(batch().pid(1).transactional().at(6)));
        assertFalse(filter.delivers(batch().pid(1).marker(true, 0, 7)));
        assertFalse(filter.delivers(batch().pid(1).transactional().at(10)));
    }

    @Test @DisplayName("1.4: other producers and batches outside transactions pass")
    void passesWhatIsNotAborted() {
        assertTrue(filter.delivers(batch().pid(2).transactional().at(0)));
        assertTrue(filter.delivers(batch().pid(-1).at(1)));
        assertTrue(filter.delivers(batch().pid(1).at(2)));
    }

    @Test @DisplayName("FEATURES 38: control records are never delivered")
    void hidesControlBatches() {
        assertFalse(filter.delivers(batch().pid(2).marker(true, 0, 0)));
        assertFalse(filter.delivers(batch().pid(2).marker(false, 0, 1)));
        assertFalse(filter.delivers(batch().pid(2).emptiedMarker(2)));
        assertFalse(filter.delivers(batch().pid(-1).control(2, 0, 3)));
    }

    @Test @DisplayName("1.4: a reader that begins inside an aborted transaction skips the rest of it")
    void beginsInsideARange() {
        assertFalse(filter.delivers(batch().pid(1).transactional().at(4)));
    }
}
