package io.semel.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A name that came, went or moved, and is not durable yet: an entry of {@code from} or {@code to} may be
 * null.
 */
final class NameChange {
    final SimNode fromDirectory;
    final String fromName;
    final SimNode toDirectory;
    final String toName;
    final SimNode node;
    private final List<SimNode> toForce = new ArrayList<>(2);

    private NameChange(SimNode fromDirectory, String fromName, SimNode toDirectory, String toName,
            SimNode node) {
        this.fromDirectory = fromDirectory;
        this.fromName = fromName;
        this.toDirectory = toDirectory;
        this.toName = toName;
        this.node = node;
        if (fromDirectory != null) toForce.add(fromDirectory);
        if (toDirectory != null && toDirectory != fromDirectory) toForce.add(toDirectory);
    }

    static NameChange created(SimNode directory, String name, SimNode node) {
        return new NameChange(null, null, directory, name, node);
    }

    static NameChange deleted(SimNode directory, String name) {
        return new NameChange(directory, name, null, null, null);
    }

    static NameChange moved(SimNode fromDirectory, String fromName, SimNode toDirectory, String toName,
            SimNode node) {
        return new NameChange(fromDirectory, fromName, toDirectory, toName, node);
    }

    /** @return true when every directory the change touches has been forced */
    boolean forcedWith(SimNode directory) {
        toForce.remove(directory);
        return toForce.isEmpty();
    }

    boolean touches(SimNode directory) {
        return directory == fromDirectory || directory == toDirectory;
    }

    boolean sharesAnEntryWith(NameChange other) {
        return other.has(fromDirectory, fromName) || other.has(toDirectory, toName);
    }

    private boolean has(SimNode directory, String name) {
        if (directory == null) return false;
        return directory == fromDirectory && name.equals(fromName) || directory == toDirectory
                && name.equals(toName);
    }

    void keep() {
        if (fromDirectory != null) fromDirectory.keptNames.remove(fromName);
        if (toDirectory != null) toDirectory.keptNames.put(toName, node);
    }
}
