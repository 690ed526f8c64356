package io.semel.kernel.world;

/**
 * The disk did not do what it was asked: names the file and what to do about it. The host acts on it, never
 * the client.
 */
public class DiskFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean full;

    public DiskFailure(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** @param full the disk has no room: nothing is broken, and it works again when there is */
    public DiskFailure(String message, Throwable cause, boolean full) {
        super(message, cause);
        this.full = full;
    }

    public boolean full() {
        return full;
    }
}
