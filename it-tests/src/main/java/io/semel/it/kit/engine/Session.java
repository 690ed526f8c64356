package io.semel.it.kit.engine;

import io.semel.it.kit.faults.Faults;

/**
 * An engine for the time of its scope, with the proxy in front of it and the properties that name it. One
 * thread.
 */
final class Session {
    private final RunningEngine engine;
    private final BootstrapProperties properties;
    private Faults faults;

    Session(Engine wish) {
        engine = RunningEngine.start(wish.mode(), wish.durability(), wish.partitions());
        properties = new BootstrapProperties(wish.behindFaults() ? faults().bootstrap() : engine.bootstrap());
    }

    RunningEngine engine() {
        return engine;
    }

    /** The proxy, made when it is first asked for. */
    Faults faults() {
        if (faults == null) faults = Faults.before(engine.bootstrap());
        return faults;
    }

    /** After each test. @return what struck in it, when there is a proxy; null otherwise */
    String heal() {
        if (faults == null) return null;
        String story = faults.story();
        faults.startAfresh();
        return story;
    }

    void close() {
        properties.restore();
        try {
            if (faults != null) faults.close();
        } finally {
            engine.close();
        }
    }
}
