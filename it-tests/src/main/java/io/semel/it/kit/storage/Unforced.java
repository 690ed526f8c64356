package io.semel.it.kit.storage;

import io.semel.kernel.world.DiskFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a power cut would take back: how each file was before the writes that nobody has forced, and which
 * files are new in a directory that nobody has forced. Renames and deletions stay done, as a journalling
 * file system keeps their order; mapped indexes stay as they are. Any thread, under its own monitor.
 */
final class Unforced {
    /** How a file was before one write: so long, and these bytes at this position. */
    private record Before(long size, long position, byte[] bytes) {
        boolean isAppend() {
            return bytes.length == 0;
        }
    }

    /**
     * What a force that failed has given up, from here to there: pages that count as written and are not. A
     * later force keeps it only where somebody has written it again meanwhile, from its beginning.
     */
    private static final class Lost {
        private long end;
        private long writtenTo;

        private Lost(long from, long end) {
            this.end = end;
            this.writtenTo = from;
        }

        private boolean written(long from, long to) {
            if (from <= writtenTo) writtenTo = Math.max(writtenTo, to);
            return writtenTo >= end;
        }

        private boolean cut(long size) {
            end = Math.min(end, size);
            return writtenTo >= end;
        }
    }

    private final Path root;
    private final Map<String, List<Before>> files = new TreeMap<>();
    private final Map<String, Integer> coveredByForce = new TreeMap<>();
    private final Set<String> created = new TreeSet<>();
    private final Map<String, Lost> lost = new TreeMap<>();

    Unforced(Path root) {
        this.root = root;
    }

    synchronized void beforeWrite(DiskFile file, long position, int length) {
        long size = file.size();
        Lost given = lost.get(file.path());
        if (given != null && given.written(position, position + length)) lost.remove(file.path());
        long overwritten = Math.max(0, Math.min(size, position + length) - position);
        remember(file, new Before(size, position, read(file, position, overwritten)));
    }

    synchronized void beforeTruncate(DiskFile file, long size) {
        Lost given = lost.get(file.path());
        if (given != null && given.cut(size)) lost.remove(file.path());
        long before = file.size();
        if (before > size) remember(file, new Before(before, size, read(file, size, before - size)));
    }

    /** Appends in a row are one, unless a force that has begun is to cover the first of them only. */
    private void remember(DiskFile file, Before before) {
        List<Before> log = files.computeIfAbsent(file.path(), path -> new ArrayList<>());
        int covered = coveredByForce.getOrDefault(file.path(), 0);
        boolean more = before.isAppend() && log.size() > covered && log.get(log.size() - 1).isAppend();
        if (!more) log.add(before);
    }

    private static byte[] read(DiskFile file, long position, long length) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
        if (length > 0) file.read(bytes, position);
        return bytes.array();
    }

    /** How many of its writes a force that begins now covers. */
    synchronized int count(String path) {
        int count = files.getOrDefault(path, List.of()).size();
        coveredByForce.put(path, count);
        return count;
    }

    /** A force has failed: what it was to cover is gone, whoever forces later. */
    synchronized void failed(DiskFile file) {
        List<Before> log = files.get(file.path());
        if (log == null || log.isEmpty()) return;
        long from = log.stream().mapToLong(before -> Math.min(before.position(), before.size())).min()
                .getAsLong();
        if (file.size() > from) lost.put(file.path(), new Lost(from, file.size()));
    }

    synchronized void forced(String path, int covered) {
        if (lost.containsKey(path)) return;
        List<Before> log = files.get(path);
        if (log == null) return;
        log.subList(0, Math.min(covered, log.size())).clear();
        coveredByForce.remove(path);
        if (log.isEmpty()) files.remove(path);
    }

    synchronized void created(String path) {
        created.add(path);
    }

    synchronized void deleted(String path) {
        files.remove(path);
        lost.remove(path);
        created.remove(path);
    }

    synchronized void renamed(String from, String to) {
        deleted(to);
        created.remove(from);
        List<Before> log = files.remove(from);
        if (log != null) files.put(to, log);
        Lost given = lost.remove(from);
        if (given != null) lost.put(to, given);
    }

    synchronized void directoryForced(String directory) {
        created.removeIf(path -> parent(path).equals(directory));
    }

    private static String parent(String path) {
        return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    }

    /** The power was cut: back to what is durable. Only while nobody uses the files. */
    synchronized void forget() {
        try {
            for (Map.Entry<String, List<Before>> one : files.entrySet()) {
                Path file = root.resolve(one.getKey());
                if (Files.exists(file)) takeBack(file, one.getValue());
            }
            for (String path : created) Files.deleteIfExists(root.resolve(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        files.clear();
        lost.clear();
        created.clear();
        coveredByForce.clear();
    }

    private static void takeBack(Path file, List<Before> log) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int index = log.size() - 1; index >= 0; index--) {
                Before before = log.get(index);
                if (channel.size() > before.size()) channel.truncate(before.size());
                ByteBuffer bytes = ByteBuffer.wrap(before.bytes());
                long position = before.position();
                while (bytes.hasRemaining()) position += channel.write(bytes, position);
            }
            channel.force(true);
        }
    }
}
