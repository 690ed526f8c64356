package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
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
 * snapshot and bears the position of its first frame. While snapshots fail it grows to {@code bytesMax} and
 * then takes nothing more until the next one is begun: from there on it keeps on trial, as much again; if
 * that one fails, too, what is behind the gap leads nowhere and is removed. Owned by the host's thread, but
 * {@link #removeBelow}.
 */
final class StoreJournal {
    private static final Logger LOG = LoggerFactory.getLogger(StoreJournal.class);
    private static final String SUFFIX = ".journal";
    private static final int NO_VALUE = -1;
    /** Two positions, a time, a number of rows. */
    private static final int HEAD_BYTES = 3 * Long.BYTES + Integer.BYTES;
    /** Two lengths and a time beside key and value. */
    private static final int ROW_BYTES = 2 * Integer.BYTES + Long.BYTES;

    /** Rows keep going to the log whatever happens here: it bounds the disk, and a restart's replay. */
    static final long BYTES_MAX = 128L << 20;

    private final Path directory;
    private final byte[] place;
    private final long bytesMax;
    private FileChannel channel;
    /** Of its files up to the gap, or of those on trial behind it. */
    private long bytes;
    private boolean full;
    /** Where frames are kept again behind a gap, -1 if there is none. */
    private long trial = -1;

    StoreJournal(Path directory, long bytesMax) {
        this.directory = directory;
        this.place = SnapshotFile.placeOf(directory);
        this.bytesMax = bytesMax;
    }

    /** The store went from {@code from} to {@code to} with these changes, whose commit was acknowledged. */
    void append(long from, long to, long nowMs, NavigableMap<byte[], StampedBytes> changes) {
        if (full) {
            return;
        }
        try {
            if (channel == null) {
                Files.createDirectories(directory);
                channel = FileChannel.open(directory.resolve(name(from)), StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            }
            ByteBuffer frame = SnapshotFile.frameOf(encode(from, to, nowMs, changes), place);
            if (bytes + frame.remaining() > bytesMax) {
                stop(from, "it has " + bytes + " bytes of at most " + bytesMax
                        + ", because no snapshot has been written for so long");
                return;
            }
            bytes += frame.remaining();
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException failed) {
            stop(from, failed.toString());
        }
    }

    private void stop(long from, String why) {
        LOG.warn("{}: the journal keeps nothing from position {} on: {} | effect: nothing is lost, but a"
                + " restart replays the log from there, until a snapshot is written | action: see that the"
                + " state directory can be written and has room", directory, from, why);
        full = true;
        rotate();
    }

    /** A snapshot at {@code position} is begun: from there on it is worth keeping what comes. */
    void begins(long position) {
        rotate();
        if (full) {
            full = false;
            trial = position;
            bytes = 0;
        }
    }

    /** The snapshot that was begun last is written: what lies before the gap is not needed any more. */
    void written() {
        if (trial >= 0) {
            removeUpTo(trial);
            trial = -1;
        }
        bytes = sizes();
    }

    /** It is not: what is behind the gap cannot be reached. */
    void failed() {
        if (trial >= 0) {
            rotate();
            files().stream().filter(file -> nameOf(file).compareTo(name(trial)) >= 0)
                    .forEach(StoreJournal::remove);
            trial = -1;
            full = true;
        }
    }

    private void removeUpTo(long position) {
        files().stream().filter(file -> nameOf(file).compareTo(name(position)) < 0)
                .forEach(StoreJournal::remove);
    }

    private long sizes() {
        long sum = 0;
        for (Path file : files()) {
            try {
                sum += Files.size(file);
            } catch (IOException gone) {
                LOG.debug("{}: {}", file, gone.toString());
            }
        }
        return sum;
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
        bytes = sizes();
        return stoodMs;
    }

    /** What it holds is too old to go on from. */
    void clear() {
        rotate();
        files().forEach(StoreJournal::remove);
        bytes = 0;
        full = false;
        trial = -1;
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LOG.warn("{}: not removed: {}", file, failed.toString());
        }
    }

    /** Files whose every frame lies below {@code position} go: all but the last that begins not above it. */
    void removeBelow(long position) throws IOException {
        List<Path> files = files();
        for (int index = 0; index + 1 < files.size(); index++) {
            if (nameOf(files.get(index + 1)).compareTo(name(position)) <= 0) {
                Files.deleteIfExists(files.get(index));
            }
        }
    }

    private DataInputStream next(DataInputStream in) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return null;
        }
        in.reset();
        return SnapshotFile.frame(in, place);
    }

    private static byte[] encode(long from, long to, long nowMs, Map<byte[], StampedBytes> changes) {
        int size = HEAD_BYTES;
        for (Map.Entry<byte[], StampedBytes> change : changes.entrySet()) {
            byte[] value = change.getValue().value();
            size = Math.addExact(size,
                    ROW_BYTES + change.getKey().length + (value == null ? 0 : value.length));
        }
        ByteBuffer out = ByteBuffer.allocate(size).putLong(from).putLong(to).putLong(nowMs)
                .putInt(changes.size());
        changes.forEach((key, stamped) -> {
            byte[] value = stamped.value();
            out.putInt(key.length).put(key).putLong(stamped.timestampMs())
                    .putInt(value == null ? NO_VALUE : value.length);
            if (value != null) {
                out.put(value);
            }
        });
        return out.array();
    }

    private static void take(DataInputStream frame, Map<byte[], StampedBytes> into) throws IOException {
        for (int left = frame.readInt(); left > 0; left--) {
            byte[] key = frame.readNBytes(frame.readInt());
            long timestampMs = frame.readLong();
            int size = frame.readInt();
            into.put(key, new StampedBytes(size == NO_VALUE ? null : frame.readNBytes(size), timestampMs));
        }
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString();
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
