package io.semel.streams;

/**
 * Everything that can go wrong in a running topology, in five shapes, each saying cause, effect and action.
 * Two of them ({@link Unavailable}, {@link FencedByNewerInstance} of a producer) are healed by folding again
 * and only reported; the others stop the run and are thrown by {@code Running.await()}. Immutable, free to
 * share.
 */
public abstract sealed class StreamsError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String effect;
    private final String action;

    private StreamsError(String what, String effect, String action, Throwable cause) {
        super(what + " | effect: " + effect + " | action: " + action, cause);
        this.what = what;
        this.effect = effect;
        this.action = action;
    }

    /** What happened, in a sentence. */
    public String what() {
        return what;
    }

    /** What it means for the data and the run. */
    public String effect() {
        return effect;
    }

    /** What to do about it; "nothing" when it heals by itself. */
    public String action() {
        return action;
    }

    /** A record that a serde or a step of the topology refuses; trying again would refuse it again. */
    public static final class PoisonRecord extends StreamsError {
        private static final long serialVersionUID = 1L;
        private final String topic;
        private final int partition;
        private final long offset;
        private final String step;

        public PoisonRecord(String topic, int partition, long offset, String step, Throwable cause) {
            super("step '" + step + "' refused the record at " + topic + "-" + partition + "@" + offset
                            + ": " + cause,
                    "nothing of this record or its batch was committed; the run stops before it",
                    "repair the step or its serde and start again; it continues at this record", cause);
            this.topic = topic;
            this.partition = partition;
            this.offset = offset;
            this.step = step;
        }

        public String topic() {
            return topic;
        }

        public int partition() {
            return partition;
        }

        public long offset() {
            return offset;
        }

        public String step() {
            return step;
        }
    }

    /** Another instance with the same identity took over, or the coordinator ended this one's transaction. */
    public static final class FencedByNewerInstance extends StreamsError {
        private static final long serialVersionUID = 1L;

        public FencedByNewerInstance(String what, String effect, String action, Throwable cause) {
            super(what, effect, action, cause);
        }
    }

    /** Topology, topics and stored state do not fit together; found at start or when it arises. */
    public static final class Incompatible extends StreamsError {
        private static final long serialVersionUID = 1L;

        public Incompatible(String what, String action) {
            this(what, "nothing is processed", action, null);
        }

        public Incompatible(String what, String effect, String action, Throwable cause) {
            super(what, effect, action, cause);
        }
    }

    /** The cluster does not answer, or not in time. Heals: what was in flight is dropped and folded again. */
    public static final class Unavailable extends StreamsError {
        private static final long serialVersionUID = 1L;

        public Unavailable(String what, String effect, String action, Throwable cause) {
            super(what, effect, action, cause);
        }
    }

    /** We are wrong: an invariant of the engine does not hold, or an Error was thrown. */
    public static final class Defect extends StreamsError {
        private static final long serialVersionUID = 1L;

        public Defect(String what, Throwable cause) {
            super(what, "nothing uncommitted became visible; the run stops",
                    "report it with this message and the log", cause);
        }
    }
}
