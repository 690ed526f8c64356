package io.semel.log.disk;

import io.semel.kernel.world.DiskFile;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file that is closed when its last holder lets go. Whoever holds it may share it; any thread may
 * release its own hold, once.
 */
public final class SharedFile {
    private final DiskFile file;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** The caller is the first holder. */
    public SharedFile(DiskFile file) {
        this.file = file;
    }

    public DiskFile file() {
        return file;
    }

    /** One more holder; only from one who is. */
    public SharedFile share() {
        if (holders.getAndIncrement() <= 0) {
            throw new IllegalStateException(file.path() + ": shared after it was closed");
        }
        return this;
    }

    public void release() {
        int left = holders.decrementAndGet();
        if (left == 0) file.close();
        if (left < 0) throw new IllegalStateException(file.path() + ": released more often than shared");
    }
}
