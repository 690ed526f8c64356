package io.semel.it.kit.faults;

import java.util.Objects;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Which requests are meant: of an API, narrowed by client, number and chance. Narrow first, then say when
 * and what; on its own it names the request that another one waits for. Immutable; any thread.
 */
public final class Calls {
    private static final int ALWAYS = Integer.MAX_VALUE;

    private final Faults faults;
    private final ApiKeys api;
    private final String clientId;
    private final int firstCall;
    private final int times;
    private final double probability;

    private Calls(Faults faults, ApiKeys api, String clientId, int firstCall, int times, double probability) {
        this.faults = faults;
        this.api = api;
        this.clientId = clientId;
        this.firstCall = firstCall;
        this.times = times;
        this.probability = probability;
    }

    static Calls of(Faults faults, ApiKeys api) {
        return new Calls(faults, Objects.requireNonNull(api, "api"), null, 1, ALWAYS, 1);
    }

    /** Only calls of this {@code client.id}. */
    public Calls forClient(String id) {
        return new Calls(faults, api, Objects.requireNonNull(id, "id"), firstCall, times, probability);
    }

    /** Only the n-th call from now on, from 1; with {@link #times} that one and those after it. */
    public Calls onCall(int n) {
        if (n < 1) throw new IllegalArgumentException("calls are counted from 1, not " + n);
        return new Calls(faults, api, clientId, n, times == ALWAYS ? 1 : times, probability);
    }

    /** At most so many calls; without it, and without {@link #onCall}, all of them. */
    public Calls times(int n) {
        if (n < 1) throw new IllegalArgumentException("at least once, not " + n + " times");
        return new Calls(faults, api, clientId, firstCall, n, probability);
    }

    /** Each of them with this chance, from 0 to 1, drawn from the seed of the proxy. */
    public Calls withProbability(double chance) {
        if (!(chance >= 0 && chance <= 1)) throw new IllegalArgumentException("from 0 to 1, not " + chance);
        return new Calls(faults, api, clientId, firstCall, times, chance);
    }

    /** Strikes a request that has left its client, before the broker has it. */
    public BeforeRequest beforeRequest() {
        return new BeforeRequest(this);
    }

    /**
     * Strikes when the broker has answered: what was asked has been applied, and its client does not
     * know.
     */
    public AfterAppend afterAppend() {
        return new AfterAppend(this);
    }

    Fault arm(Moment moment, Action action) {
        return faults.arm(this, moment, action);
    }

    boolean concern(Request request) {
        return request.api() == api && (clientId == null || clientId.equals(request.clientId()));
    }

    int firstCall() {
        return firstCall;
    }

    int times() {
        return times;
    }

    double probability() {
        return probability;
    }

    @Override
    public String toString() {
        return api + (clientId == null ? "" : " of client " + clientId)
                + (firstCall == 1 ? "" : " from call " + firstCall)
                + (times == ALWAYS ? "" : ", " + times + " times")
                + (probability == 1 ? "" : ", with probability " + probability);
    }
}
