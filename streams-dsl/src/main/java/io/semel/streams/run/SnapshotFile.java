package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A store on disk: frames of length, CRC-32C and content; first a head with the log position at which copying
 * began, then rows, then a tail with the position at which it ended. The file gets its name only when it is
 * whole and forced, so that a torn one is never taken. Rows copied while the store moved on may be newer than
 * the head's position; replaying the log from there sets them to the same values again. Used by one thread;
 * throws {@link IOException}.
 */
final class SnapshotFile {
    private static final long MAGIC = 0x53454d454c534e31L;
    private static final int FRAME_BYTES_MAX = 1 << 28;
    private static final int TAIL = -1;
    private static final int NULL = -1;

    private SnapshotFile() {
    }

    /**
     * What a snapshot says of itself: where replay begins, how far its rows may have come, when it was begun.
     */
    record Facts(long position, long positionMax, long createdAtMs) {
    }

    /** Writes one file, slice by slice. */
    static final class Writer implements AutoCloseable {
        private final Path target;
        private final Path fresh;
        private final FileChannel channel;

        Writer(Path target, String suffix, long position, long createdAtMs) throws IOException {
            this.target = target;
            this.fresh = target.resolveSibling(target.getFileName() + "." + suffix);
            Files.createDirectories(target.getParent());
            this.channel = FileChannel.open(fresh, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            frame(out -> {
                out.writeLong(MAGIC);
                out.writeLong(position);
                out.writeLong(createdAtMs);
            });
        }

        void rows(TreeMap<byte[], StampedBytes> rows) throws IOException {
            frame(out -> {
                out.writeInt(rows.size());
                for (var row : rows.entrySet()) {
                    bytes(out, row.getKey());
                    bytes(out, row.getValue().value());
                    out.writeLong(row.getValue().timestampMs());
                }
            });
        }

        /** Ends the file, forces it and gives it its name. */
        void finish(long positionMax) throws IOException {
            frame(out -> {
                out.writeInt(TAIL);
                out.writeLong(positionMax);
            });
            channel.force(true);
            channel.close();
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(fresh);
        }

        private void frame(Content content) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.write(new DataOutputStream(bytes));
            byte[] payload = bytes.toByteArray();
            ByteBuffer frame = ByteBuffer.allocate(8 + payload.length);
            frame.putInt(payload.length).putInt(crc(payload)).put(payload).flip();
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        }
    }

    /**
     * Loads a file into an empty store and returns its facts. Throws {@link IOException} if anything about it
     * is not as written, after which the store may hold some of it.
     */
    static Facts load(Path file, StoreBase into) throws IOException {
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            DataInputStream head = frame(in);
            if (head.readLong() != MAGIC) {
                throw new IOException(file + " is no snapshot");
            }
            long position = head.readLong();
            long createdAtMs = head.readLong();
            while (true) {
                DataInputStream frame = frame(in);
                int count = frame.readInt();
                if (count == TAIL) {
                    into.apply(new TreeMap<>(MemoryBase.KEY_ORDER), position);
                    return new Facts(position, frame.readLong(), createdAtMs);
                }
                TreeMap<byte[], StampedBytes> rows = new TreeMap<>(MemoryBase.KEY_ORDER);
                for (int i = 0; i < count; i++) {
                    rows.put(bytes(frame), new StampedBytes(bytes(frame), frame.readLong()));
                }
                into.apply(rows, 0);
            }
        }
    }

    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private static DataInputStream frame(DataInputStream in) throws IOException {
        int length = in.readInt();
        int crc = in.readInt();
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new IOException("frame of " + length + " bytes");
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length != length || crc(payload) != crc) {
            throw new IOException("frame is torn or does not match its CRC");
        }
        return new DataInputStream(new ByteArrayInputStream(payload));
    }

    private static int crc(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes == null ? NULL : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == NULL ? null : in.readNBytes(length);
    }
}
