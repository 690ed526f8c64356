package io.semel.it.kit.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing a client did: who, what, when it began and ended, how it ended. Filled in by the client's thread
 * until it is completed, unchanging afterwards; what is not said is null, -1 or empty.
 */
public final class Operation {
    /** The end of an operation that nobody saw end. */
    public static final long NEVER = Long.MAX_VALUE;

    private final String process;
    private final Kind kind;
    private int number = -1;
    private long startNs;
    private long endNs = NEVER;
    private Outcome outcome = Outcome.UNKNOWN;
    private boolean completed;
    private String transaction;
    private String transactionalId;
    private int epoch = -1;
    private long timeoutMs = -1;
    private Place place;
    private long offset = -1;
    private String key;
    private String value;
    private Source from;
    private String group;
    private boolean readCommitted = true;
    private Map<Place, Long> offsets = Map.of();
    private List<Seen> records = List.of();
    private String error;

    private Operation(String process, Kind kind) {
        this.process = process;
        this.kind = kind;
    }

    /** @param process one sequential client; a client that is replaced gets a new name */
    public static Operation of(String process, Kind kind) {
        return new Operation(process, kind);
    }

    /** @param transaction a name no other transaction of the history has, or null */
    public Operation in(String transaction) {
        open().transaction = transaction;
        return this;
    }

    public Operation under(String transactionalId) {
        open().transactionalId = transactionalId;
        return this;
    }

    public Operation epoch(int epoch) {
        open().epoch = epoch;
        return this;
    }

    /** The transaction.timeout.ms that an {@link Kind#INIT} asked for. */
    public Operation timeoutMs(long timeoutMs) {
        open().timeoutMs = timeoutMs;
        return this;
    }

    public Operation to(Place place) {
        open().place = place;
        return this;
    }

    public Operation at(long offset) {
        open().offset = offset;
        return this;
    }

    public Operation key(String key) {
        open().key = key;
        return this;
    }

    public Operation value(String value) {
        open().value = value;
        return this;
    }

    public Operation from(Source from) {
        open().from = from;
        return this;
    }

    public Operation group(String group) {
        open().group = group;
        return this;
    }

    /** Is it a view under isolation.level=read_committed (the default here), or under read_uncommitted? */
    public Operation readCommitted(boolean readCommitted) {
        open().readCommitted = readCommitted;
        return this;
    }

    public Operation offsets(Map<Place, Long> offsets) {
        open().offsets = new TreeMap<>(offsets);
        return this;
    }

    public Operation records(List<Seen> records) {
        open().records = List.copyOf(records);
        return this;
    }

    public Operation error(String error) {
        open().error = error;
        return this;
    }

    Operation numbered(int number) {
        this.number = number;
        return this;
    }

    Operation beginsAt(long nowNs) {
        startNs = nowNs;
        return this;
    }

    /** Ends it; nothing changes afterwards. */
    Operation ends(Outcome how, long nowNs) {
        open().outcome = how;
        endNs = nowNs;
        completed = true;
        return this;
    }

    private Operation open() {
        if (completed) throw new IllegalStateException("has ended: " + this);
        return this;
    }

    /** The place in its history, from 0; the {@code n} of files. */
    public int number() {
        return number;
    }

    public String process() {
        return process;
    }

    public Kind kind() {
        return kind;
    }

    /** In nanoseconds of the history's clock. */
    public long startNs() {
        return startNs;
    }

    /** {@link #NEVER} when nobody saw it end. */
    public long endNs() {
        return endNs;
    }

    /** Unknown as long as it has not ended. */
    public Outcome outcome() {
        return outcome;
    }

    public boolean completed() {
        return completed;
    }

    public boolean isOk() {
        return outcome == Outcome.OK;
    }

    public String transaction() {
        return transaction;
    }

    public String transactionalId() {
        return transactionalId;
    }

    public int epoch() {
        return epoch;
    }

    public long timeoutMs() {
        return timeoutMs;
    }

    public Place place() {
        return place;
    }

    public long offset() {
        return offset;
    }

    public String key() {
        return key;
    }

    public String value() {
        return value;
    }

    public Source from() {
        return from;
    }

    public String group() {
        return group;
    }

    public boolean readCommitted() {
        return readCommitted;
    }

    public Map<Place, Long> offsets() {
        return offsets;
    }

    public List<Seen> records() {
        return records;
    }

    public String error() {
        return error;
    }

    /** For people: {@code #12 w1 send t/0@5 "v7" ok, 1.000 to 1.250 ms, in w1/3}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append('#').append(number).append(' ').append(process)
                .append(' ').append(kind.word());
        if (place != null) text.append(' ').append(place);
        if (offset >= 0) text.append('@').append(offset);
        if (value != null) text.append(" \"").append(value).append('"');
        if (group != null) text.append(" of group ").append(group);
        if (!offsets.isEmpty()) text.append(' ').append(offsets);
        if (!records.isEmpty()) {
            text.append(' ').append(records.size()).append(" records, ").append(records.get(0)).append(" to ")
                    .append(records.get(records.size() - 1));
        }
        text.append(' ').append(outcome.word()).append(", ").append(startNs / 1_000).append(" to ")
                .append(endNs == NEVER ? "?" : String.valueOf(endNs / 1_000)).append(" us");
        if (transaction != null) text.append(", in ").append(transaction);
        if (transactionalId != null) text.append(", under ").append(transactionalId);
        if (error != null) text.append(", ").append(error);
        return text.toString();
    }
}
