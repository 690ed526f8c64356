package io.semel.streams.task;

import io.semel.streams.topology.Node;
import io.semel.streams.topology.Recovery;
import java.util.Optional;

/**
 * Carries a step's exception with the step up to where the record's position is known. Never leaves a task.
 */
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Node node;

    StepFailure(Node node, Throwable cause) {
        super(null, cause, false, false);
        this.node = node;
    }

    String step() {
        return node.name();
    }

    int nodeId() {
        return node.id();
    }

    Optional<Recovery> recovery() {
        return node.recovery();
    }
}
