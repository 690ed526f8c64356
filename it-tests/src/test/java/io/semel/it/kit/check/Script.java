package io.semel.it.kit.check;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Outcome;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Seen;
import io.semel.it.kit.history.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A history written by hand, one operation after the other, a millisecond each. */
final class Script {
    private long nowMs;
    private final Recorder recorder = Recorder.onClock(() -> nowMs * 1_000_000);

    Script later(long ms) {
        nowMs += ms;
        return this;
    }

    Script does(Operation operation, Outcome outcome) {
        recorder.begin(operation);
        nowMs++;
        recorder.end(operation, outcome);
        nowMs++;
        return this;
    }

    Script does(Operation operation) {
        return does(operation, Outcome.OK);
    }

    /** Begins and is never heard of again. */
    Script vanishes(Operation operation) {
        recorder.begin(operation);
        nowMs++;
        return this;
    }

    /** An acknowledged send outside of transactions. */
    Script send(String process, String place, long offset, String value) {
        return does(Operation.of(process, Kind.SEND).to(Place.parse(place)).at(offset).value(value));
    }

    /**
     * An acknowledged send in a transaction {@code process/number}, under the process's name without its
     * digits.
     */
    Script send(String txn, String place, long offset, String value, String from) {
        return does(of(txn, Kind.SEND).to(Place.parse(place)).at(offset).value(value)
                .from(from == null ? null : Source.parse(from)));
    }

    Script init(String process) {
        return does(Operation.of(process, Kind.INIT).under(id(process)));
    }

    Script commit(String txn) {
        return does(of(txn, Kind.COMMIT));
    }

    Script commitUnknown(String txn) {
        return does(of(txn, Kind.COMMIT), Outcome.UNKNOWN);
    }

    Script abort(String txn) {
        return does(of(txn, Kind.ABORT));
    }

    Script offsets(String txn, String group, String place, long offset) {
        return does(of(txn, Kind.SEND_OFFSETS).group(group).offsets(Map.of(Place.parse(place), offset)));
    }

    Script committed(String process, String group, String place, long offset) {
        return does(Operation.of(process, Kind.COMMITTED).group(group).offsets(Map.of(Place.parse(place),
                offset)));
    }

    Script ends(String process, boolean readCommitted, Object... placesAndOffsets) {
        Map<Place, Long> offsets = new TreeMap<>();
        for (int index = 0; index < placesAndOffsets.length; index += 2) {
            offsets.put(Place.parse((String) placesAndOffsets[index]), ((Integer) placesAndOffsets[index + 1])
                    .longValue());
        }
        return does(Operation.of(process, Kind.ENDS).readCommitted(readCommitted).offsets(offsets));
    }

    Script subscribe(String process) {
        return does(Operation.of(process, Kind.SUBSCRIBE));
    }

    Script seek(String process, String place, long offset) {
        return does(Operation.of(process, Kind.SEEK).offsets(Map.of(Place.parse(place), offset)));
    }

    /** Records as {@code "t/0@5=v"}. A process with a slash polls within the transaction of this name. */
    Script poll(String process, String... records) {
        return poll(process, true, records);
    }

    Script poll(String process, boolean readCommitted, String... records) {
        List<Seen> seen = new ArrayList<>();
        for (String record : records) {
            int at = record.indexOf('@');
            int is = record.indexOf('=');
            seen.add(new Seen(Place.parse(record.substring(0, at)),
                    Long.parseLong(record.substring(at + 1, is)), record.substring(is + 1)));
        }
        Operation poll = process.contains("/") ? of(process, Kind.POLL) : Operation.of(process, Kind.POLL);
        return does(poll.readCommitted(readCommitted).records(seen));
    }

    Script drained() {
        recorder.drained("final", List.of());
        nowMs++;
        return this;
    }

    private static Operation of(String txn, Kind kind) {
        String process = txn.substring(0, txn.indexOf('/'));
        return Operation.of(process, kind).in(txn).under(id(process));
    }

    private static String id(String process) {
        return process.replaceAll("[0-9]", "");
    }

    History history() {
        return recorder.history();
    }

    Report check() {
        return Checker.check(history());
    }
}
