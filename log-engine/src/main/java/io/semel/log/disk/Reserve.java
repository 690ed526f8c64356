package io.semel.log.disk;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * A file that is given up when the disk is full, so that what frees space can write the little it must write
 * first: a snapshot, a log's start, the end of a topic. While it is not there, records are refused: they
 * would take the room that was meant for others. Any thread; {@link #fill} and {@link #run} block.
 */
public final class Reserve {
    public static final String NAME = ".semel-reserve";
    public static final int BYTES = 1 << 20;
    private static final Reserve NONE = new Reserve(null);

    /** How one writer stands to it. */
    public interface Claim {
        /** @throws DiskFailure {@link DiskFailure#full}: nothing may be written now */
        void check();

        /** A write found the disk full. @return whether there is room now that was not there before */
        boolean makeRoom();
    }

    private final Disk disk;
    private volatile boolean spent;
    private volatile boolean foundFull;

    public Reserve(Disk disk) {
        this.disk = disk;
    }

    /** No file, no promise: for tools and tests that write one log. */
    public static Reserve none() {
        return NONE;
    }

    /** It was given up, and records are refused until it is there again. */
    public boolean spent() {
        return spent;
    }

    /** Whether a writer of records has met a full disk since the last call. */
    public boolean takeFoundFull() {
        boolean found = foundFull;
        if (found) foundFull = false;
        return found;
    }

    /**
     * Makes it whole, if there is room.
     *
     * @throws DiskFailure it cannot be written, though the disk is not full; records are taken all the same
     */
    public synchronized void fill() {
        if (disk == null || isThere()) {
            spent = false;
            return;
        }
        try (DiskFile file = disk.open(NAME)) {
            file.write(noise(), 0);
            file.force();
            spent = false;
        } catch (DiskFailure failure) {
            disk.delete(NAME);
            spent = failure.full();
            if (!failure.full()) throw failure;
        }
    }

    private boolean isThere() {
        if (!disk.exists(NAME)) return false;
        try (DiskFile file = disk.open(NAME)) {
            return file.size() == BYTES;
        }
    }

    /** Nothing that a file system could keep in less room than it says. */
    private static ByteBuffer noise() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        SplittableRandom random = new SplittableRandom(BYTES);
        while (bytes.hasRemaining()) bytes.putLong(random.nextLong());
        return bytes.flip();
    }

    /** Runs what writes little before it frees much; once more in the room of the reserve if it must. */
    public void run(Runnable write) {
        try {
            write.run();
        } catch (DiskFailure failure) {
            if (!failure.full() || !giveUp()) throw failure;
            write.run();
        }
    }

    /** @return false when it is not there to be given up */
    private synchronized boolean giveUp() {
        if (disk == null || !disk.exists(NAME)) return false;
        spent = true;
        disk.delete(NAME);
        return true;
    }

    /** Of one who writes records: refused while the reserve is spent. */
    public Claim ofRecords() {
        return new Claim() {
            @Override
            public void check() {
                if (!spent) return;
                foundFull = true;
                throw new DiskFailure("the disk is full, and what was set aside for removals (" + NAME + ", "
                        + BYTES + " bytes) is in use. Free some space on this file system; writing goes on by"
                        + " itself then", null, true);
            }

            @Override
            public boolean makeRoom() {
                foundFull = true;
                return false;
            }
        };
    }

    /** Of one whose records end topics: it may use the reserve. */
    public Claim ofRemovals() {
        return new Claim() {
            @Override
            public void check() {
            }

            @Override
            public boolean makeRoom() {
                return giveUp();
            }
        };
    }
}
