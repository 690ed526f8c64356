package io.semel.streams.task;

/**
 * Carries a step's exception with the step's name up to where the record's position is known. Never leaves a
 * task.
 */
final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String step;

    StepFailure(String step, Throwable cause) {
        super(null, cause, false, false);
        this.step = step;
    }

    String step() {
        return step;
    }
}
