package io.semel.it.kit.history;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What all clients did, by the time they began it, on one clock. Immutable. */
public final class History {
    private final List<Operation> operations;

    private History(List<Operation> operations) {
        this.operations = operations;
    }

    /** Operations that are to change no more. */
    public static History of(List<Operation> operations) {
        List<Operation> sorted = new ArrayList<>(operations);
        sorted.sort(Comparator.comparingLong(Operation::startNs).thenComparingInt(Operation::number));
        return new History(sorted);
    }

    /**
     * Reads the lines of HISTORY.md.
     *
     * @throws IllegalArgumentException a line is wrong; says which
     */
    public static History read(Path file) {
        HistoryLines lines = new HistoryLines();
        int count = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                count++;
                lines.read(line);
            }
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(file + " line " + count + ": " + wrong.getMessage(), wrong);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new History(lines.operations());
    }

    public void write(Path file) {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (Operation operation : operations) {
                writer.append(HistoryLines.invocation(operation)).append('\n');
                if (operation.completed()) writer.append(HistoryLines.completion(operation)).append('\n');
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public List<Operation> operations() {
        return operations;
    }

    public int size() {
        return operations.size();
    }
}
