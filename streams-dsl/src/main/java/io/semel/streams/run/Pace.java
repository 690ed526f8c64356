package io.semel.streams.run;

/**
 * When a transaction has taken enough. A single record is committed at once. While much lies ready a
 * transaction grows, and each key's change is written once for all of it. Where records trickle in, several
 * while one commit lasts, they are taken together when it is answered: nothing of them could be committed
 * sooner, and one by one each would cost a fetch and a request of its own. Plain state of one thread; times
 * in milliseconds of the host's clock, which may be set back.
 */
final class Pace {
    /** A transaction takes no more polls than this. */
    static final int POLLS_MAX = 10;
    /** How long a transaction may go on taking what lies ready though its turn to be committed has come. */
    private static final long GROWTH_MS = 100;
    /** Polls with fewer than this part of what they may give are a trickle. */
    private static final int TRICKLE_PART = 20;
    private final long commitMinIntervalMs;
    private final int pollRecordsMax;
    private long launchedMs = Long.MIN_VALUE / 2;
    private long openedMs;
    private int polls;
    private int records;
    private int recordsBefore;

    Pace(long commitMinIntervalMs, int pollRecordsMax) {
        this.commitMinIntervalMs = commitMinIntervalMs;
        this.pollRecordsMax = pollRecordsMax;
    }

    /** A poll was processed; {@code isOpen} if a transaction has something of it or of one before. */
    void polled(int count, boolean isOpen, long nowMs) {
        if (!isOpen) {
            polls = 0;
            records = 0;
            return;
        }
        if (polls == 0) {
            openedMs = nowMs;
        }
        polls++;
        records += count;
    }

    /** The open transaction is being committed. */
    void launched(long nowMs) {
        launchedMs = nowMs;
        recordsBefore = records;
        dropped();
    }

    /** There is no open transaction any more. */
    void dropped() {
        polls = 0;
        records = 0;
    }

    /** How many polls the open transaction has taken. */
    int polls() {
        return polls;
    }

    boolean isFull() {
        return polls >= POLLS_MAX;
    }

    /** How long the open transaction has to wait yet for the least interval between commits. */
    long holdMs(long nowMs) {
        long passedMs = nowMs - launchedMs;
        return passedMs < 0 ? 0 : Math.max(0, commitMinIntervalMs - passedMs);
    }

    /** Whether the open transaction had better take one more poll, after one of {@code count} records. */
    boolean grows(int count, long nowMs) {
        if (isTrickle()) {
            return count > 0 && polls == 1 && recordsBefore > 1;
        }
        long ageMs = nowMs - openedMs;
        return count * 2L >= pollRecordsMax && ageMs >= 0 && ageMs < GROWTH_MS;
    }

    /** Whether the next poll had better wait until the commit under way is answered. */
    boolean isTrickle() {
        return (long) Math.max(records, recordsBefore) * TRICKLE_PART < pollRecordsMax;
    }
}
