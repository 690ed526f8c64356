package io.semel.it.kit.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lines of a history file (HISTORY.md): one when an operation begins, one when it ends. An operation
 * without its second line has an unknown outcome, so that a client that dies leaves an honest history. Used
 * by one thread.
 */
final class HistoryLines {
    private final Map<Integer, Operation> open = new LinkedHashMap<>();
    private final Map<String, Place> places = new TreeMap<>();
    private final Map<String, String> names = new TreeMap<>();
    private final List<Operation> operations = new ArrayList<>();

    static String invocation(Operation operation) {
        StringBuilder line = new StringBuilder(160).append("{\"n\":").append(operation.number())
                .append(",\"e\":\"invoke\",\"t\":").append(operation.startNs());
        put(line, "process", operation.process());
        put(line, "f", operation.kind().word());
        put(line, "txn", operation.transaction());
        put(line, "id", operation.transactionalId());
        put(line, "epoch", operation.epoch());
        put(line, "timeoutMs", operation.timeoutMs());
        put(line, "to", operation.place());
        put(line, "key", operation.key());
        put(line, "value", operation.value());
        put(line, "from", operation.from());
        put(line, "group", operation.group());
        if (!operation.readCommitted()) put(line, "isolation", "read_uncommitted");
        if (!operation.kind().answersOffsets()) putOffsets(line, operation.offsets());
        return line.append('}').toString();
    }

    static String completion(Operation operation) {
        StringBuilder line = new StringBuilder(96).append("{\"n\":").append(operation.number())
                .append(",\"e\":\"").append(operation.outcome().word()).append("\",\"t\":")
                .append(operation.endNs());
        if (operation.kind() == Kind.SEND && operation.isOk()) put(line, "to", operation.place());
        put(line, "offset", operation.offset());
        if (operation.kind() == Kind.INIT) put(line, "epoch", operation.epoch());
        if (operation.kind().answersOffsets()) putOffsets(line, operation.offsets());
        putRecords(line, operation.records());
        put(line, "error", operation.error());
        return line.append('}').toString();
    }

    private static void put(StringBuilder line, String name, Object value) {
        if (value == null) return;
        line.append(",\"").append(name).append("\":");
        Json.quote(line, value.toString());
    }

    private static void put(StringBuilder line, String name, long value) {
        if (value >= 0) line.append(",\"").append(name).append("\":").append(value);
    }

    private static void putOffsets(StringBuilder line, Map<Place, Long> offsets) {
        if (offsets.isEmpty()) return;
        line.append(",\"offsets\":{");
        String comma = "";
        for (Map.Entry<Place, Long> one : offsets.entrySet()) {
            line.append(comma);
            Json.quote(line, one.getKey().toString()).append(':').append(one.getValue());
            comma = ",";
        }
        line.append('}');
    }

    private static void putRecords(StringBuilder line, List<Seen> records) {
        if (records.isEmpty()) return;
        Map<Place, List<Seen>> byPlace = new TreeMap<>();
        for (Seen seen : records) byPlace.computeIfAbsent(seen.place(), place -> new ArrayList<>()).add(seen);
        line.append(",\"records\":{");
        String comma = "";
        for (Map.Entry<Place, List<Seen>> one : byPlace.entrySet()) {
            line.append(comma);
            Json.quote(line, one.getKey().toString()).append(":[");
            String inner = "";
            for (Seen seen : one.getValue()) {
                line.append(inner).append('[').append(seen.offset()).append(',');
                Json.quote(line, seen.value()).append(']');
                inner = ",";
            }
            line.append(']');
            comma = ",";
        }
        line.append('}');
    }

    /** @throws IllegalArgumentException the line says nothing, or ends what never began */
    void read(String line) {
        if (line.isBlank()) return;
        if (!(Json.parse(line) instanceof Map<?, ?> object)) {
            throw new IllegalArgumentException("not an object");
        }
        int number = (int) whole(object, "n", -1);
        if (number < 0) throw new IllegalArgumentException("no n");
        String event = text(object, "e");
        if (event == null) throw new IllegalArgumentException("no e");
        if (event.equals("invoke")) begin(number, object);
        else end(number, event, object);
    }

    private void begin(int number, Map<?, ?> object) {
        String process = named(text(object, "process"));
        String kind = text(object, "f");
        if (process == null || kind == null) throw new IllegalArgumentException("no process or no f");
        Operation operation = Operation.of(process, Kind.of(kind)).numbered(number)
                .beginsAt(whole(object, "t", 0)).in(named(text(object, "txn")))
                .under(named(text(object, "id"))).epoch((int) whole(object, "epoch", -1))
                .timeoutMs(whole(object, "timeoutMs", -1)).key(text(object, "key"))
                .value(text(object, "value")).group(named(text(object, "group")))
                .readCommitted(!"read_uncommitted".equals(text(object, "isolation")));
        if (object.get("to") != null) operation.to(place(text(object, "to")));
        if (object.get("from") != null) operation.from(Source.parse(text(object, "from")));
        if (object.get("offsets") != null) operation.offsets(offsets(object.get("offsets")));
        if (open.put(number, operation) != null) throw new IllegalArgumentException("n " + number
                + " begins twice");
        operations.add(operation);
    }

    private void end(int number, String event, Map<?, ?> object) {
        Operation operation = open.remove(number);
        if (operation == null) throw new IllegalArgumentException("n " + number
                + " ends without having begun");
        if (object.get("to") != null) operation.to(place(text(object, "to")));
        if (object.get("offsets") != null) operation.offsets(offsets(object.get("offsets")));
        if (object.get("records") != null) operation.records(records(object.get("records")));
        if (object.get("epoch") != null) operation.epoch((int) whole(object, "epoch", -1));
        operation.at(whole(object, "offset", -1)).error(text(object, "error"));
        operation.ends(outcome(event), whole(object, "t", Operation.NEVER));
    }

    private static Outcome outcome(String event) {
        for (Outcome outcome : Outcome.values()) if (outcome.word().equals(event)) return outcome;
        throw new IllegalArgumentException("e is neither invoke nor an outcome: " + event);
    }

    /** Everything read, by the time it began. */
    List<Operation> operations() {
        operations.sort(Comparator.comparingLong(Operation::startNs).thenComparingInt(Operation::number));
        return operations;
    }

    private Map<Place, Long> offsets(Object value) {
        Map<Place, Long> offsets = new TreeMap<>();
        if (!(value instanceof Map<?, ?> object)) {
            throw new IllegalArgumentException("offsets are not an object");
        }
        for (Map.Entry<?, ?> one : object.entrySet()) {
            if (!(one.getValue() instanceof Long offset)) throw new IllegalArgumentException("no offset: "
                    + one);
            offsets.put(place(one.getKey().toString()), offset);
        }
        return offsets;
    }

    private List<Seen> records(Object value) {
        if (!(value instanceof Map<?, ?> object)) {
            throw new IllegalArgumentException("records are not an object");
        }
        List<Seen> records = new ArrayList<>();
        for (Map.Entry<?, ?> one : object.entrySet()) {
            Place place = place(one.getKey().toString());
            if (!(one.getValue() instanceof List<?> list)) throw new IllegalArgumentException("no list: "
                    + one);
            for (Object pair : list) records.add(seen(place, pair));
        }
        return records;
    }

    private static Seen seen(Place place, Object pair) {
        boolean good = pair instanceof List<?> list && list.size() == 2 && list.get(0) instanceof Long
                && list.get(1) instanceof String;
        if (!good) throw new IllegalArgumentException("not [offset, \"value\"]: " + pair);
        List<?> list = (List<?>) pair;
        return new Seen(place, (Long) list.get(0), (String) list.get(1));
    }

    private Place place(String text) {
        return places.computeIfAbsent(text, Place::parse);
    }

    /** Names come again and again: one string each. */
    private String named(String name) {
        return name == null ? null : names.computeIfAbsent(name, itself -> itself);
    }

    private static String text(Map<?, ?> object, String name) {
        Object value = object.get(name);
        return value == null ? null : value.toString();
    }

    private static long whole(Map<?, ?> object, String name, long otherwise) {
        Object value = object.get(name);
        if (value == null) return otherwise;
        if (value instanceof Long whole) return whole;
        throw new IllegalArgumentException(name + " is not a whole number: " + value);
    }
}
