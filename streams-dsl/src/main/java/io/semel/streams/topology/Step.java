package io.semel.streams.topology;

/** What a node does with a record. Shared by all tasks and threads, hence without state of its own. */
@FunctionalInterface
public interface Step {
    /** Passes a record on unchanged. */
    Step PASS = (rec, out) -> out.forward(rec);

    void on(Rec rec, Out out);
}
