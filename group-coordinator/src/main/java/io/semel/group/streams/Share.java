package io.semel.group.streams;

/**
 * What one member has of the tasks, by the role in which it has them: active ones process, standby and
 * warm-up ones copy the state only. Kafka 4.3 hands out no warm-up tasks, nor do we; records and messages
 * have a place for them. Immutable.
 */
public record Share(Tasks active, Tasks standby, Tasks warmup) {
    public static final Share NONE = new Share(Tasks.NONE, Tasks.NONE, Tasks.NONE);

    public boolean isEmpty() {
        return active.isEmpty() && standby.isEmpty() && warmup.isEmpty();
    }

    /** What both have, in the same role. */
    Share and(Share other) {
        return new Share(active.only(other.active::has), standby.only(other.standby::has),
                warmup.only(other.warmup::has));
    }

    Share without(Share other) {
        return new Share(active.only(task -> !other.active.has(task)),
                standby.only(task -> !other.standby.has(task)), warmup.only(task -> !other.warmup.has(task)));
    }

    Share plus(Share other) {
        return new Share(active.plus(other.active), standby.plus(other.standby), warmup.plus(other.warmup));
    }

    boolean hasAll(Share other) {
        return other.without(this).isEmpty();
    }

    boolean isApartFrom(Share other) {
        return and(other).isEmpty();
    }

    /** Standby and warm-up tasks. */
    Tasks copies() {
        return standby.plus(warmup);
    }
}
