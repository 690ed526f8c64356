package io.semel.log;

import io.semel.kernel.world.DiskFailure;
import io.semel.wire.batch.BatchSlice;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what a read is about to hand out with its CRC, batch by batch, and its offsets with each other:
 * {@code transferTo} would not look.
 * Made on the lane; run once, blocking, on an I/O thread; then given back with {@link PartitionLog#take}.
 */
public final class ReadCheck {
    private static final int BLOCK_BYTES = 64 << 10;

    /** One slice of one segment. */
    static final class Part {
        private final long base;
        private final BatchSlice slice;
        private boolean good;

        private Part(long base, BatchSlice slice) {
            this.base = base;
            this.slice = slice;
        }

        boolean good() {
            return good;
        }

        long base() {
            return base;
        }

        int position() {
            return (int) slice.position();
        }

        int end() {
            return (int) slice.position() + slice.sizeInBytes();
        }
    }

    private final List<BatchSlice> slices;
    private final boolean gapsAllowed;
    private final List<Part> parts = new ArrayList<>(1);
    private List<BatchSlice> good;
    private DiskFailure failure;

    /** @param slices all that was read; filled further by the reader */
    ReadCheck(List<BatchSlice> slices, boolean gapsAllowed) {
        this.gapsAllowed = gapsAllowed;
        this.slices = slices;
        this.good = slices;
    }

    void add(long base, BatchSlice slice) {
        parts.add(new Part(base, slice));
    }

    List<Part> parts() {
        return parts;
    }

    /** Stops at the first batch that is damaged or cannot be read; the slices behind it are released. */
    public void run() {
        for (Part part : parts) {
            BatchWalk walk = new BatchWalk(part.slice.file(), part.base, gapsAllowed, part.end(), BLOCK_BYTES)
                    .from(part.position());
            if (!passes(walk)) {
                keepBelow(part.slice, walk.position());
                return;
            }
            part.good = true;
        }
    }

    private boolean passes(BatchWalk walk) {
        try {
            while (walk.next()) if (!walk.crcHolds()) break;
            if (walk.flaw() == null) return true;
            failure = new Damage(walk.path(), walk.position(), walk.endOffset(), walk.flaw());
        } catch (DiskFailure unreadable) {
            failure = unreadable;
        }
        return false;
    }

    private void keepBelow(BatchSlice bad, int end) {
        int index = slices.indexOf(bad);
        good = new ArrayList<>(slices.subList(0, index));
        int whole = end - (int) bad.position();
        if (whole > 0) good.add(new BatchSlice(bad.file(), bad.position(), whole, bad::release));
        else bad.release();
        slices.subList(index + 1, slices.size()).forEach(BatchSlice::release);
    }

    /** What may be sent, to be released one by one: all that was read, or whole batches below a bad one. */
    public List<BatchSlice> good() {
        return good;
    }

    /** Why not all of it is good: a {@link Damage}, or that it could not be read. Null when it is. */
    public DiskFailure failure() {
        return failure;
    }
}
