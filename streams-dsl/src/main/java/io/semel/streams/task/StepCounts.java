package io.semel.streams.task;

/**
 * What the steps of a task did in one transaction, by their place in the sub-topology: records taken (a retry
 * is taken again), records given to a step below or a topic, and inputs that went to a dead letter topic.
 * Made while it is open and not changed afterwards.
 */
public record StepCounts(int[] in, int[] out, int[] deadLetters) {
    static StepCounts of(int steps) {
        return new StepCounts(new int[steps], new int[steps], new int[steps]);
    }
}
