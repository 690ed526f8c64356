package io.semel.bench.contender;

/** A broker that runs already, somewhere. Its process is not ours: no CPU, no killing. Immutable. */
public record GivenContender(String bootstrap) implements Contender {
    /** What such a one is called. */
    public static final String NAME = "given";
    private static final long UNKNOWN = Long.MAX_VALUE;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public long pid() {
        return UNKNOWN;
    }

    @Override
    public void kill9() {
        throw new UnsupportedOperationException("a broker that was given is not killed");
    }

    @Override
    public void restart() {
        throw new UnsupportedOperationException("a broker that was given is not started again");
    }

    @Override
    public void close() {
        // it runs on
    }
}
