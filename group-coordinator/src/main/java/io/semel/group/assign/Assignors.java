package io.semel.group.assign;

import java.util.List;

/** The assignors there are: {@code group.consumer.assignors}. Immutable. */
public final class Assignors {
    /** In Kafka's order: the first is the one of groups that name none. */
    private static final List<Assignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    private Assignors() {
    }

    public static Assignor byDefault() {
        return ALL.get(0);
    }

    /** Null when there is none of that name. */
    public static Assignor named(String name) {
        for (Assignor assignor : ALL) if (assignor.name().equals(name)) return assignor;
        return null;
    }

    public static String names() {
        return String.join(", ", ALL.stream().map(Assignor::name).toList());
    }
}
