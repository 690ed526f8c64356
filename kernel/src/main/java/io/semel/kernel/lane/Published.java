package io.semel.kernel.lane;

/** One immutable value that its owner's lane replaces and any thread reads: for views, never for state. */
public final class Published<T> {
    private volatile T value;

    public Published(T value) {
        this.value = value;
    }

    public T read() {
        return value;
    }

    /** Only from the owner's lane. */
    public void publish(T next) {
        value = next;
    }
}
