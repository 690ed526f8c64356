package io.semel.streams.task;

import java.util.ArrayList;
import java.util.List;

/**
 * What the open layers of a task had before they were changed, so that a record that a step refuses leaves
 * nothing behind. Remembers nothing in a task whose steps do not recover. Owned by the task's thread.
 */
final class Undo {
    private final boolean active;
    private final List<Change> changes = new ArrayList<>();

    Undo(boolean active) {
        this.active = active;
    }

    /** What can be taken back. */
    interface Layer {
        /** {@code key} has what it had, nothing if {@code before} is null. */
        void restore(Object key, Object before);
    }

    private record Change(Layer layer, Object key, Object before) {
    }

    void put(Layer layer, Object key, Object before) {
        if (active) {
            changes.add(new Change(layer, key, before));
        }
    }

    /** Where one may come back to. */
    int mark() {
        return changes.size();
    }

    /** Takes back what was changed since {@code mark}. */
    void back(int mark) {
        for (int i = changes.size() - 1; i >= mark; i--) {
            Change change = changes.remove(i);
            change.layer().restore(change.key(), change.before());
        }
    }

    /** What was changed stays. */
    void keep() {
        changes.clear();
    }
}
