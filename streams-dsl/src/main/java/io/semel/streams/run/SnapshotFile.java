package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A store at one position of its log, on disk: frames of length, CRC-32C and content; first a head, then the
 * store's pages as they are, then a tail with the number of rows. The file gets its name only when it is
 * whole and forced, so that a torn one is never taken. Each CRC begins with the file's place, the log whose
 * fold it is: what another store has written is damaged to this one. Used by one thread; throws {@link
 * IOException}.
 */
final class SnapshotFile {
    private static final long MAGIC = 0x53454d454c534e32L;
    private static final int FRAME_BYTES_MAX = 1 << 30;
    private static final int FRAME_BYTES = 1 << 18;
    private static final int TAIL = -1;

    private SnapshotFile() {
    }

    /** The log that files in {@code directory} belong to, as frames know it. */
    static byte[] placeOf(Path directory) {
        Path whole = directory.toAbsolutePath();
        return (whole.getParent().getFileName() + "/" + whole.getFileName()).getBytes(StandardCharsets.UTF_8);
    }

    /** What a snapshot says of itself: where replay begins, and when it was taken. */
    record Facts(long position, long createdAtMs) {
    }

    /** Writes {@code view} to {@code target}, by way of {@code fresh} beside it. */
    static void write(MemoryBase.View view, long createdAtMs, Path target, Path fresh) throws IOException {
        Files.createDirectories(target.getParent());
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            Frames frames = new Frames(channel, placeOf(target.getParent()));
            frames.out.writeLong(MAGIC);
            frames.out.writeLong(view.position());
            frames.out.writeLong(createdAtMs);
            frames.end();
            view.pages(frames::page);
            frames.end();
            frames.out.writeInt(TAIL);
            frames.out.writeLong(view.size());
            frames.end();
            channel.force(true);
        } catch (UncheckedIOException failed) {
            Files.deleteIfExists(fresh);
            throw failed.getCause();
        } catch (IOException failed) {
            Files.deleteIfExists(fresh);
            throw failed;
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Loads a file into an empty store and returns its facts, or throws and leaves the store empty. */
    static Facts load(Path file, MemoryBase into) throws IOException {
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            byte[] place = placeOf(file.getParent());
            Facts facts = head(file, frame(in, place));
            MemoryBase.Loading loading = new MemoryBase.Loading();
            long rows = 0;
            while (true) {
                DataInputStream frame = frame(in, place);
                for (int count = frame.readInt(); ; count = frame.readInt()) {
                    if (count == TAIL) {
                        if (frame.readLong() != rows || in.read() >= 0) {
                            throw new IOException("its rows are not as many as it says");
                        }
                        loading.into(into, facts.position());
                        return facts;
                    }
                    loading.page(frame.readNBytes(frame.readInt()), count);
                    rows += count;
                    if (frame.available() == 0) {
                        break;
                    }
                }
            }
        } catch (IllegalArgumentException damaged) {
            throw new IOException(damaged.getMessage(), damaged);
        }
    }

    private static Facts head(Path file, DataInputStream head) throws IOException {
        if (head.readLong() != MAGIC) {
            throw new IOException(file + " is no snapshot");
        }
        return new Facts(head.readLong(), head.readLong());
    }

    /** Collects content and writes it frame by frame. */
    private static final class Frames {
        private final FileChannel channel;
        private final byte[] place;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(FRAME_BYTES + 4096);
        final DataOutputStream out = new DataOutputStream(bytes);

        Frames(FileChannel channel, byte[] place) {
            this.channel = channel;
            this.place = place;
        }

        void page(byte[] rows, int count) {
            try {
                out.writeInt(count);
                out.writeInt(rows.length);
                out.write(rows);
                if (bytes.size() >= FRAME_BYTES) {
                    end();
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        void end() throws IOException {
            if (bytes.size() == 0) {
                return;
            }
            byte[] payload = bytes.toByteArray();
            bytes.reset();
            ByteBuffer frame = frameOf(payload, place);
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        }
    }

    /** Length, CRC-32C and content, to be written. */
    static ByteBuffer frameOf(byte[] content, byte[] place) {
        return ByteBuffer.allocate(8 + content.length).putInt(content.length).putInt(crc(content, place))
                .put(content).flip();
    }

    /** The content of the next frame, whole and checked; throws if it is neither. */
    static DataInputStream frame(DataInputStream in, byte[] place) throws IOException {
        int length = in.readInt();
        int crc = in.readInt();
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new IOException("frame of " + length + " bytes");
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length != length || crc(payload, place) != crc) {
            throw new IOException("frame is torn or does not match its CRC");
        }
        return new DataInputStream(new ByteArrayInputStream(payload));
    }

    private static int crc(byte[] payload, byte[] place) {
        CRC32C crc = new CRC32C();
        crc.update(place, 0, place.length);
        crc.update(payload, 0, payload.length);
        return (int) crc.getValue();
    }
}
