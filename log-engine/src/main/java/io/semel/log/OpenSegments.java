package io.semel.log;

import java.util.ArrayDeque;

/**
 * The segments, of all logs of one lane, that have files and mappings open: no more than a bound, those that
 * were used longest ago let theirs go first (by second chance: using one costs a store). One that holds
 * unforced writes keeps its file, since Linux tells a failed write-back only to those who had it open; its
 * log is asked to force it. Owned by the lane, or by a log that stands alone.
 */
public final class OpenSegments {
    /** A step of work for each segment that comes: when most cannot rest, the bound is passed for a while. */
    private static final int LOOKS_MAX = 32;
    private static final int SLACK = 8;

    /** What one segment is here. Without a lane, as while its log is opened, it is nowhere. */
    static final class Place {
        private final Segment segment;
        private OpenSegments among;
        private Runnable onPressed;
        private boolean listed;
        private boolean used;
        private boolean beingForced;

        Place(Segment segment) {
            this.segment = segment;
        }

        /** @param onPressed told when the segment should be forced, so that it can rest */
        void join(OpenSegments others, Runnable onPressed) {
            this.among = others;
            this.onPressed = onPressed;
            if (!segment.resting()) opens();
        }

        /** On the lane, before its files are closed elsewhere. */
        void leave() {
            among = null;
            listed = false;
        }

        void use() {
            used = true;
        }

        /** It is about to open something. */
        void opens() {
            used = true;
            if (listed || among == null) return;
            listed = true;
            among.add(this);
        }

        /** A force has its file open from now on. */
        void captured() {
            beingForced = true;
        }

        /** The force has run, and its owner knows. */
        void forced() {
            beingForced = false;
        }

        private boolean staysAmong(OpenSegments others) {
            if (among != others || segment.resting()) return false;
            boolean wasUsed = used;
            used = false;
            if (wasUsed || segment.pinned()) return true;
            if (segment.dirty() && !beingForced) onPressed.run();
            return segment.dirty() || beingForced;
        }

        private void restAmong(OpenSegments others) {
            if (among != others) return;
            listed = false;
            segment.rest();
        }
    }

    private final int max;
    private Runnable onRoom = () -> { };
    private final ArrayDeque<Place> open = new ArrayDeque<>();

    /** @param max segments; one has a file and at most two mappings */
    public OpenSegments(int max) {
        this.max = Math.max(1, max);
    }

    private void add(Place place) {
        open.addLast(place);
        letRest(place, LOOKS_MAX);
    }

    /**
     * Whether so many of them cannot rest, as they hold what is not forced, that others should not be opened
     * before {@link #onRoom}.
     */
    public boolean crowded() {
        int room = max + max / 8 + SLACK;
        if (open.size() <= room) return false;
        letRest(null, 2 * open.size());
        return open.size() > room;
    }

    /** Told when something was forced, so that more may rest. */
    public void onRoom(Runnable told) {
        this.onRoom = told;
    }

    void forced() {
        letRest(null, LOOKS_MAX);
        onRoom.run();
    }

    /** @param place is being opened */
    private void letRest(Place place, int looksMax) {
        int looks = looksMax;
        while (open.size() > max && looks-- > 0) {
            Place eldest = open.pollFirst();
            if (eldest == place || eldest.staysAmong(this)) open.addLast(eldest);
            else eldest.restAmong(this);
        }
    }
}
