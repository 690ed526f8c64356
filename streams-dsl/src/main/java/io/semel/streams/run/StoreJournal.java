package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one store took since its newest snapshot: a frame for each committed batch, with the position of the
 * log before and behind it. Never forced and never the truth: it makes the tail of the log short that a
 * restart replays. A frame counts only if it is whole and begins where the store stands, so that a torn, a
 * missing or a foreign one ends the reading and the log is replayed from there. A file begins with each
 * snapshot and bears the position of its first frame. Owned by the host's thread, but {@link #removeBelow}.
 */
final class StoreJournal {
    private static final Logger LOG = LoggerFactory.getLogger(StoreJournal.class);
    private static final String SUFFIX = ".journal";
    private static final int NO_VALUE = -1;

    private final Path directory;
    private FileChannel channel;

    StoreJournal(Path directory) {
        this.directory = directory;
    }

    /** The store went from {@code from} to {@code to} with these changes, whose commit was acknowledged. */
    void append(long from, long to, long nowMs, NavigableMap<byte[], StampedBytes> changes) {
        try {
            if (channel == null) {
                Files.createDirectories(directory);
                channel = FileChannel.open(directory.resolve(name(from)), StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            }
            ByteBuffer frame = SnapshotFile.frameOf(encode(from, to, nowMs, changes));
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException failed) {
            LOG.warn("{}: not kept from position {} on: {}", directory, from, failed.toString());
            rotate();
        }
    }

    /** The next frame begins a file of its own. */
    void rotate() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException failed) {
            LOG.warn("{}: not closed: {}", directory, failed.toString());
        }
        channel = null;
    }

    /**
     * Brings {@code base} as far as whole frames lead, not beyond {@code end}; returns when the store stood
     * where it now stands, {@code sinceMs} if no frame led on.
     */
    long replay(StoreBase base, long end, long sinceMs) {
        NavigableMap<byte[], StampedBytes> changes = new TreeMap<>(MemoryBase.KEY_ORDER);
        long position = base.position();
        long stoodMs = sinceMs;
        for (Path file : files()) {
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(
                    Files.newInputStream(file), 1 << 16))) {
                for (DataInputStream frame = next(in); frame != null; frame = next(in)) {
                    long from = frame.readLong();
                    long to = frame.readLong();
                    long writtenMs = frame.readLong();
                    if (from == position && to >= from && to <= end) {
                        take(frame, changes);
                        position = to;
                        stoodMs = writtenMs;
                    }
                }
            } catch (IOException torn) {
                LOG.info("{}: read up to position {}: {}", file, position, torn.toString());
            }
        }
        if (position > base.position()) {
            base.apply(changes, position);
        }
        return stoodMs;
    }

    /** What it holds is too old to go on from. */
    void clear() {
        rotate();
        for (Path file : files()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException failed) {
                LOG.warn("{}: not removed: {}", file, failed.toString());
            }
        }
    }

    /** Files whose every frame lies below {@code position} go: all but the last that begins not above it. */
    void removeBelow(long position) throws IOException {
        List<Path> files = files();
        for (int index = 0; index + 1 < files.size(); index++) {
            if (files.get(index + 1).getFileName().toString().compareTo(name(position)) <= 0) {
                Files.deleteIfExists(files.get(index));
            }
        }
    }

    private static DataInputStream next(DataInputStream in) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return null;
        }
        in.reset();
        return SnapshotFile.frame(in);
    }

    private static byte[] encode(long from, long to, long nowMs, Map<byte[], StampedBytes> changes)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + changes.size() * 64);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(from);
        out.writeLong(to);
        out.writeLong(nowMs);
        out.writeInt(changes.size());
        for (Map.Entry<byte[], StampedBytes> change : changes.entrySet()) {
            byte[] value = change.getValue().value();
            out.writeInt(change.getKey().length);
            out.write(change.getKey());
            out.writeLong(change.getValue().timestampMs());
            out.writeInt(value == null ? NO_VALUE : value.length);
            if (value != null) {
                out.write(value);
            }
        }
        return bytes.toByteArray();
    }

    private static void take(DataInputStream frame, Map<byte[], StampedBytes> into) throws IOException {
        for (int left = frame.readInt(); left > 0; left--) {
            byte[] key = frame.readNBytes(frame.readInt());
            long timestampMs = frame.readLong();
            int size = frame.readInt();
            into.put(key, new StampedBytes(size == NO_VALUE ? null : frame.readNBytes(size), timestampMs));
        }
    }

    private static String name(long position) {
        return String.format("%020d", position) + SUFFIX;
    }

    private List<Path> files() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted(Comparator.naturalOrder()).toList();
        } catch (IOException | RuntimeException failed) {
            LOG.warn("{}: not read: {}", directory, failed.toString());
            return List.of();
        }
    }
}
