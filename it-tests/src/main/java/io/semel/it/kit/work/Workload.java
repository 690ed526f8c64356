package io.semel.it.kit.work;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Recorder;
import java.util.List;

/**
 * Something for clients to do. Implementations keep nothing between runs; a run returns on the thread that
 * began it.
 */
public interface Workload {
    /** All that the kit brings. */
    List<Workload> ALL = List.of(new AppendLists(), new BankTransfers(), new CopyChain());

    /** As the command line says it. */
    String name();

    /**
     * Makes topics, runs the clients, ends what they left open, reads everything once more and marks the
     * history as drained.
     *
     * @throws IllegalStateException the broker cannot be reached, or a client failed in a way that is not
     *        Kafka's
     */
    void run(Plan plan, Recorder recorder);

    default History run(Plan plan) {
        try (Recorder recorder = Recorder.inMemory()) {
            run(plan, recorder);
            return recorder.history();
        }
    }

    /** @throws IllegalArgumentException there is none of this name; says which there are */
    static Workload named(String name) {
        for (Workload workload : ALL) if (workload.name().equals(name)) return workload;
        throw new IllegalArgumentException("no workload " + name + "; there are "
                + ALL.stream().map(Workload::name).toList());
    }
}
