package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk in memory that remembers every change made to it, so that each state a power cut can leave is built
 * one by one, in the manner of ALICE. What may be found after a cut between any two changes:
 * <ul>
 * <li>A write, a truncation or a growth of a file that a later force of that file covers is there.</li>
 * <li>A name that was created, renamed or deleted is as it was left once its directory was forced.</li>
 * <li>Of all other changes any are there and any are not: later ones without earlier ones, data without its
 * file's name, names without the data. One rule binds them: of two changes of one name the later is never
 * there without the earlier.</li>
 * <li>The last write that is not covered may be torn at any multiple of 512 bytes.</li>
 * <li>A mapped index keeps nothing but what its last trim has forced.</li>
 * </ul>
 * One thread.
 */
final class DiskTrace implements Disk {
    /** One change, or a promise made to somebody outside ({@code told}). */
    record Change(Kind kind, int file, String name, String other, int position, byte[] data) {
        boolean ofNames() {
            return kind == Kind.CREATE || kind == Kind.RENAME || kind == Kind.DELETE;
        }

        private boolean touches(String path) {
            return path.equals(name) || path.equals(other);
        }
    }

    enum Kind { CREATE, RENAME, DELETE, WRITE, RESIZE, FORCE, FORCE_DIRECTORY, TOLD }

    private static final class Bytes {
        private byte[] content;

        Bytes(byte[] content) {
            this.content = content;
        }

        void resize(int size) {
            content = Arrays.copyOf(content, size);
        }

        void write(int position, byte[] data, int length) {
            if (position + length > content.length) resize(position + length);
            System.arraycopy(data, 0, content, position, length);
        }
    }

    private static final int LAST_TOLD = 40;

    private final List<Change> changes = new ArrayList<>();
    private final Map<Integer, Bytes> files = new TreeMap<>();
    private final TreeMap<String, Integer> names = new TreeMap<>();
    private final Map<Integer, byte[]> filesAtFirst = new TreeMap<>();
    private final Map<String, Integer> namesAtFirst = new TreeMap<>();
    private final Set<String> directories = new TreeSet<>(Set.of(""));
    private int nextFile;

    List<Change> changes() {
        return changes;
    }

    /** Somebody outside was promised something: from here on it must hold. */
    void told(String what, long value) {
        changes.add(new Change(Kind.TOLD, -1, what, null, 0, ByteBuffer.allocate(8).putLong(value).array()));
    }

    /** The highest value promised under that name before the change of this index; 0 when none was. */
    long toldBefore(int end, String what) {
        long highest = 0;
        for (Change change : changes.subList(0, end)) {
            if (change.kind != Kind.TOLD || !change.name.equals(what)) continue;
            highest = Math.max(highest, ByteBuffer.wrap(change.data).getLong());
        }
        return highest;
    }

    /** For a reader of a failure. */
    String lastBefore(int end) {
        StringBuilder text = new StringBuilder();
        for (int index = Math.max(0, end - LAST_TOLD); index < end; index++) {
            Change change = changes.get(index);
            text.append("\n").append(index).append(' ').append(change.kind).append(" file ")
                    .append(change.file).append(' ').append(change.name)
                    .append(change.other == null ? "" : " to " + change.other)
                    .append(" at ").append(change.position);
        }
        return text.toString();
    }

    /** Indexes of the changes below {@code end} that a cut there may lose. */
    List<Integer> pending(int end) {
        Set<Integer> forcedFiles = new HashSet<>();
        Set<String> forcedDirectories = new HashSet<>();
        List<Integer> pending = new ArrayList<>();
        for (int index = end - 1; index >= 0; index--) {
            Change change = changes.get(index);
            switch (change.kind) {
                case FORCE -> forcedFiles.add(change.file);
                case FORCE_DIRECTORY -> forcedDirectories.add(change.name);
                case WRITE, RESIZE -> {
                    if (!forcedFiles.contains(change.file)) pending.add(0, index);
                }
                case CREATE, RENAME, DELETE -> {
                    if (!forcedDirectories.contains(LogNames.parent(change.name))) pending.add(0, index);
                }
                case TOLD -> { }
            }
        }
        return pending;
    }

    /**
     * The disk as a cut before the change {@code end} leaves it.
     *
     * @param kept of the pending changes those that are there
     * @param torn a kept write of which only so many bytes are there; -1 for none
     */
    DiskTrace after(int end, Set<Integer> kept, int torn, int tornBytes) {
        List<Integer> pending = pending(end);
        Set<Integer> lost = new HashSet<>(pending);
        lost.removeAll(withEarlierOfTheName(kept, pending));
        DiskTrace state = new DiskTrace();
        state.directories.addAll(directories);
        state.names.putAll(namesAtFirst);
        filesAtFirst.forEach((file, content) -> state.files.put(file, new Bytes(content.clone())));
        for (int index = 0; index < end; index++) {
            if (lost.contains(index)) continue;
            Change change = changes.get(index);
            state.replay(change, index == torn ? Math.min(tornBytes, change.data.length) : -1);
        }
        state.nextFile = nextFile;
        state.namesAtFirst.putAll(state.names);
        state.files.forEach((file, bytes) -> state.filesAtFirst.put(file, bytes.content.clone()));
        return state;
    }

    private Set<Integer> withEarlierOfTheName(Set<Integer> kept, List<Integer> pending) {
        Set<Integer> closed = new HashSet<>(kept);
        for (int at = pending.size() - 1; at >= 0; at--) {
            Change later = changes.get(pending.get(at));
            if (!closed.contains(pending.get(at)) || !later.ofNames()) continue;
            for (int index : pending.subList(0, at)) {
                Change earlier = changes.get(index);
                boolean same = earlier.ofNames() && (earlier.touches(later.name)
                        || later.other != null && earlier.touches(later.other));
                if (same) closed.add(index);
            }
        }
        return closed;
    }

    private void replay(Change change, int tornBytes) {
        Bytes bytes = change.file < 0 ? null
                : files.computeIfAbsent(change.file, id -> new Bytes(new byte[0]));
        switch (change.kind) {
            case CREATE -> names.put(change.name, change.file);
            case DELETE -> names.remove(change.name);
            case RENAME -> {
                names.remove(change.name);
                names.put(change.other, change.file);
            }
            case WRITE -> bytes.write(change.position, change.data,
                    tornBytes < 0 ? change.data.length : tornBytes);
            case RESIZE -> bytes.resize(change.position);
            case FORCE, FORCE_DIRECTORY, TOLD -> { }
        }
    }

    /** Every directory and file as it is now, to an empty disk. */
    void copyTo(Disk other) {
        directories.forEach(other::createDirectories);
        names.forEach((name, file) -> {
            try (DiskFile copy = other.open(name)) {
                copy.write(ByteBuffer.wrap(files.get(file).content), 0);
            }
        });
    }

    /** What tells two states apart. */
    long digest() {
        long digest = 17;
        for (Map.Entry<String, Integer> name : names.entrySet()) {
            digest = digest * 31 + name.getKey().hashCode();
            digest = digest * 1_000_003 + Arrays.hashCode(files.get(name.getValue()).content);
        }
        return digest;
    }

    private void change(Kind kind, int file, String name, String other, int position, byte[] data) {
        Change change = new Change(kind, file, name, other, position, data);
        changes.add(change);
        replay(change, -1);
    }

    private int fileAt(String path) {
        Integer file = names.get(path);
        if (file != null) return file;
        change(Kind.CREATE, nextFile, path, null, 0, null);
        return nextFile++;
    }

    @Override
    public DiskFile open(String path) {
        return new OpenFile(path, fileAt(path));
    }

    @Override
    public IndexBytes openIndex(String path, int capacityBytes) {
        return new OpenIndex(fileAt(path), capacityBytes);
    }

    @Override
    public boolean exists(String path) {
        return names.containsKey(path) || directories.contains(path);
    }

    @Override
    public List<String> list(String directory) {
        List<String> found = new ArrayList<>();
        for (String path : names.keySet()) {
            if (LogNames.parent(path).equals(directory)) found.add(path.substring(path.lastIndexOf('/') + 1));
        }
        return found;
    }

    @Override
    public boolean isDirectory(String path) {
        return directories.contains(path);
    }

    /** The directory stays: what a cut makes of it is another test's. */
    @Override
    public void createDirectories(String path) {
        directories.add(path);
    }

    @Override
    public void delete(String path) {
        Integer file = names.get(path);
        if (file != null) change(Kind.DELETE, file, path, null, 0, null);
    }

    @Override
    public void rename(String from, String to) {
        change(Kind.RENAME, names.get(from), from, to, 0, null);
    }

    @Override
    public void forceDirectory(String directory) {
        change(Kind.FORCE_DIRECTORY, -1, directory, null, 0, null);
    }

    @Override
    public long totalBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public long sizeOf(String path) {
        return names.containsKey(path) ? files.get(names.get(path)).content.length : 0;
    }

    @Override
    public String place() {
        return "a disk in memory";
    }

    @Override
    public long usableBytes() {
        return Long.MAX_VALUE;
    }

    private final class OpenFile implements DiskFile {
        private final String path;
        private final int file;

        OpenFile(String path, int file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            byte[] data = new byte[source.remaining()];
            source.get(data);
            change(Kind.WRITE, file, null, null, (int) position, data);
        }

        @Override
        public int read(ByteBuffer target, long position) {
            byte[] content = files.get(file).content;
            int length = (int) Math.max(0, Math.min(target.remaining(), content.length - position));
            if (length > 0) target.put(content, (int) position, length);
            return length;
        }

        @Override
        public long size() {
            return files.get(file).content.length;
        }

        @Override
        public void truncate(long size) {
            if (size < size()) change(Kind.RESIZE, file, null, null, (int) size, null);
        }

        @Override
        public void force() {
            change(Kind.FORCE, file, null, null, 0, null);
        }

        @Override
        public void close() {
        }
    }

    /** Its bytes reach the trace when it is trimmed. */
    private final class OpenIndex implements IndexBytes {
        private final int file;
        private final int sizeAtOpen;
        private final ByteBuffer mapped;

        OpenIndex(int file, int capacity) {
            this.file = file;
            byte[] content = files.get(file).content;
            this.sizeAtOpen = Math.min(content.length, capacity);
            this.mapped = ByteBuffer.allocate(Math.max(capacity, content.length)).put(content).clear();
        }

        @Override
        public int capacity() {
            return mapped.capacity();
        }

        @Override
        public int sizeAtOpen() {
            return sizeAtOpen;
        }

        @Override
        public int getInt(int position) {
            return mapped.getInt(position);
        }

        @Override
        public long getLong(int position) {
            return mapped.getLong(position);
        }

        @Override
        public void putInt(int position, int value) {
            mapped.putInt(position, value);
        }

        @Override
        public void putLong(int position, long value) {
            mapped.putLong(position, value);
        }

        @Override
        public void trim(int size) {
            byte[] data = new byte[size];
            mapped.get(0, data);
            change(Kind.RESIZE, file, null, null, size, null);
            change(Kind.WRITE, file, null, null, 0, data);
            change(Kind.FORCE, file, null, null, 0, null);
        }

        @Override
        public void close() {
        }
    }
}
