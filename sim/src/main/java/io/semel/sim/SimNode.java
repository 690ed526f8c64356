package io.semel.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A file, an index or a directory of the simulated disk, by itself: its names stand in its parents. */
final class SimNode {
    /** Something done to the bytes of a file that no force has covered yet. */
    interface Change {
        void applyTo(SimBytes bytes);
    }

    record Wrote(int position, byte[] data) implements Change {
        @Override
        public void applyTo(SimBytes bytes) {
            bytes.put(position, data, data.length);
        }

        /** The first {@code length} bytes reached the disk. */
        void tornTo(SimBytes bytes, int length) {
            bytes.put(position, data, length);
        }

        /** The file got its length, but not the bytes. */
        void hollowTo(SimBytes bytes) {
            bytes.resize(Math.max(bytes.size(), position + data.length));
        }
    }

    record Resized(int size) implements Change {
        @Override
        public void applyTo(SimBytes bytes) {
            bytes.resize(size);
        }
    }

    final long id;
    final boolean directory;
    /** As every reader sees it. */
    final SimBytes seen = new SimBytes();
    /** As it would be found if everything not forced were lost. */
    final SimBytes kept = new SimBytes();
    final List<Change> unforced = new ArrayList<>();
    final TreeMap<String, SimNode> seenNames = new TreeMap<>();
    final TreeMap<String, SimNode> keptNames = new TreeMap<>();
    boolean index;
    /**
     * An index that was opened with room or written since it was last trimmed; one that is only read stays
     * as it is.
     */
    boolean mapped;
    /** The last life of the process that read or wrote it: what that life sees comes from the page cache. */
    int touchedIn;

    SimNode(long id, boolean directory) {
        this.id = id;
        this.directory = directory;
    }

    void change(Change change) {
        change.applyTo(seen);
        unforced.add(change);
    }

    /** An index is opened as a plain file: what was never trimmed counts as one write not forced. */
    void becomeFile() {
        index = false;
        mapped = false;
        byte[] all = new byte[seen.size()];
        seen.read(0, all);
        unforced.add(new Resized(all.length));
        unforced.add(new Wrote(0, all));
    }

    void forced() {
        for (Change change : unforced) change.applyTo(kept);
        unforced.clear();
    }
}
