package io.semel.broker.desk;

/**
 * Counts answers that come back one by one to the home lane, and runs what follows the last. Owned by one
 * call.
 */
final class Gathering {
    private final Runnable onLast;
    private int waiting = 1;

    Gathering(Runnable onLast) {
        this.onLast = onLast;
    }

    void expectOne() {
        waiting++;
    }

    /** One answer came, or (once) everything was asked. */
    void oneCame() {
        if (--waiting == 0) onLast.run();
    }
}
