package io.semel.it.kit.check;

import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Seen;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Polls that skip or go back, sends that stand in another order, within one transaction and from one to the
 * next.
 */
final class Orders {
    private record Sent(long offset, int operation, int unit) {
    }

    private final Facts facts;
    private final Findings findings;

    Orders(Facts facts, Findings findings) {
        this.facts = facts;
        this.findings = findings;
    }

    void check() {
        facts.reading.walk(this::read);
        sends();
    }

    private void read(int index, Seen seen, Reading.Position position) {
        if (position.last < 0 && position.sought < 0) return;
        boolean internal = position.lastOperation >= 0
                && facts.unitOf(position.lastOperation) == facts.unitOf(index);
        boolean judged = internal || !position.subscribed;
        int before = position.lastOperation;
        if (seen.offset() <= position.last) {
            findings.add(internal ? Anomaly.INT_NONMONOTONIC_POLL : Anomaly.NONMONOTONIC_POLL, judged, () ->
                    facts.operations.get(index).process() + " read " + seen + " after " + position.last,
                    before, index);
            return;
        }
        long[] order = facts.logs.get(seen.place()).order(facts.operations.get(index).readCommitted());
        long after = position.last >= 0 ? position.last : position.sought - 1;
        int next = firstAfter(order, after);
        if (next == order.length || order[next] >= seen.offset()) return;
        long first = order[next];
        int skipped = firstAfter(order, seen.offset() - 1) - next;
        findings.add(internal ? Anomaly.INT_POLL_SKIP : Anomaly.POLL_SKIP, judged, () ->
                facts.operations.get(index).process() + " read " + seen + " after " + after + " and left out "
                + skipped + " that others saw, from " + first, before, index);
    }

    /** The index of the first that is above {@code offset}. */
    private static int firstAfter(long[] order, long offset) {
        int found = Arrays.binarySearch(order, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    private void sends() {
        Map<String, Map<Place, Sent>> last = new HashMap<>();
        for (int index = 0; index < facts.operations.size(); index++) {
            Operation operation = facts.operations.get(index);
            if (operation.kind() != Kind.SEND) continue;
            int write = facts.writeOfOperation(index);
            if (facts.offsetOf(write) < 0) continue;
            Sent now = new Sent(facts.offsetOf(write), index, facts.unitOf(index));
            Sent before = last.computeIfAbsent(operation.process(), process -> new HashMap<>())
                    .put(facts.placeOf(write), now);
            if (before != null) compare(before, now, write);
        }
    }

    private void compare(Sent before, Sent now, int write) {
        boolean internal = before.unit == now.unit;
        if (now.offset <= before.offset) {
            findings.add(internal ? Anomaly.INT_NONMONOTONIC_SEND : Anomaly.NONMONOTONIC_SEND, () ->
                    facts.nameOf(write) + " was sent after what is at " + before.offset, before.operation,
                    now.operation);
            return;
        }
        if (!internal) return;
        long[] known = facts.logs.get(facts.placeOf(write)).knownOrder();
        int next = firstAfter(known, before.offset);
        if (next < known.length && known[next] < now.offset) {
            findings.add(Anomaly.INT_SEND_SKIP, () -> "another's record stands at " + known[next]
                    + " between " + before.offset + " and " + now.offset + " of " + facts.placeOf(write),
                    before.operation, now.operation);
        }
    }
}
