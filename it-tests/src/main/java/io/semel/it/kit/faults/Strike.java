package io.semel.it.kit.faults;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One fault that struck: which call of which client, when, and what was done. Its text is one line, which
 * {@link Faults#replay} reads. Immutable.
 */
public record Strike(ApiKeys api, int call, String clientId, String moment, String action) {
    private static final int FIELDS = 5;

    static Strike of(Request request, Moment moment, Action action) {
        return new Strike(request.api(), request.call(), request.clientId(), moment.words(), action.words());
    }

    boolean strikes(Request request, Moment when) {
        return request.api() == api && request.call() == call && request.clientId().equals(clientId)
                && when.words().equals(moment);
    }

    static Strike parse(String line) {
        String[] field = line.strip().split(" \\| ", FIELDS);
        if (field.length < FIELDS) throw new IllegalArgumentException("not a line of a schedule: " + line);
        Moment.parse(field[3]);
        return new Strike(ApiKeys.valueOf(field[0]), Integer.parseInt(field[1]), field[2], field[3],
                field[4]);
    }

    @Override
    public String toString() {
        return api + " | " + call + " | " + clientId + " | " + moment + " | " + action;
    }
}
