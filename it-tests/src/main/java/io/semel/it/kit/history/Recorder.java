package io.semel.it.kit.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Writes down what clients do, on one clock. Any thread; its lock is held for the few lines of bookkeeping
 * only. With a file, every line is written as it happens, so that what a killed process did is still known.
 */
public final class Recorder implements AutoCloseable {
    private final LongSupplier clockNs;
    private final long originNs;
    private final BufferedWriter file;
    private final List<Operation> operations = new ArrayList<>();

    private Recorder(LongSupplier clockNs, BufferedWriter file) {
        this.clockNs = clockNs;
        this.originNs = clockNs.getAsLong();
        this.file = file;
    }

    public static Recorder inMemory() {
        return new Recorder(System::nanoTime, null);
    }

    /** @param clockNs never goes back */
    public static Recorder onClock(LongSupplier clockNs) {
        return new Recorder(clockNs, null);
    }

    /** In memory, and line by line into {@code path}. */
    public static Recorder writingTo(Path path) {
        try {
            return new Recorder(System::nanoTime, Files.newBufferedWriter(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A process of its own: one sequential client, whose producer and consumer share its transaction. */
    public Tape process(String name) {
        return new Tape(this, name);
    }

    /** The operation begins now. What was asked is filled in before, what is answered before {@link #end}. */
    public synchronized Operation begin(Operation operation) {
        operation.numbered(operations.size()).beginsAt(clockNs.getAsLong() - originNs);
        operations.add(operation);
        write(operation, true);
        return operation;
    }

    /** The operation ends now. */
    public synchronized void end(Operation operation, Outcome outcome) {
        operation.ends(outcome, clockNs.getAsLong() - originNs);
        write(operation, false);
    }

    /** The operation ends now, as this error tells. */
    public void end(Operation operation, Outcome outcome, Throwable error) {
        operation.error(error.getClass().getSimpleName() + ": " + error.getMessage());
        end(operation, outcome);
    }

    /** From here on readers have read all they could; of these partitions, or of all when there are none. */
    public void drained(String process, Iterable<Place> places) {
        java.util.Map<Place, Long> offsets = new java.util.TreeMap<>();
        places.forEach(place -> offsets.put(place, -1L));
        end(begin(Operation.of(process, Kind.DRAINED).offsets(offsets)), Outcome.OK);
    }

    /** A remark for people: a fault, a seed. */
    public void note(String process, String words) {
        end(begin(Operation.of(process, Kind.NOTE).value(words)), Outcome.OK);
    }

    /** How many operations have begun. */
    public synchronized int count() {
        return operations.size();
    }

    /** What has been recorded so far. Close the clients first: late answers still change operations. */
    public synchronized History history() {
        return History.of(operations);
    }

    private void write(Operation operation, boolean begins) {
        if (file == null) return;
        try {
            file.append(begins ? HistoryLines.invocation(operation) : HistoryLines.completion(operation))
                    .append('\n');
            file.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public synchronized void close() {
        if (file == null) return;
        try {
            file.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
