package io.semel.it.kit.check;

import io.semel.it.kit.history.Place;
import io.semel.it.kit.history.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * As much of a transactional log as a history can show: partitions, transactions with markers that arrive one
 * by one, fences, groups. Right by being small; each {@link Bug} makes it wrong in one way.
 */
final class ModelBroker {
    /** What can be built in, with what it must be called. */
    enum Bug {
        NONE(),
        SHOWS_ABORTED(Anomaly.ABORTED_READ),
        SHOWS_UNDECIDED(Anomaly.PRECOMMITTED_READ, Anomaly.ABORTED_READ),
        LOSES_ACKNOWLEDGED(Anomaly.LOST_WRITE, Anomaly.UNSEEN, Anomaly.INCONSISTENT_OFFSETS),
        FORGETS_A_PARTITION(Anomaly.TORN_TRANSACTION),
        TELLS_A_WRONG_OFFSET(Anomaly.INCONSISTENT_OFFSETS),
        APPENDS_TWICE(Anomaly.DUPLICATE),
        READS_PAST_A_RECORD(Anomaly.INT_POLL_SKIP, Anomaly.POLL_SKIP),
        READS_AGAIN(Anomaly.INT_NONMONOTONIC_POLL, Anomaly.NONMONOTONIC_POLL),
        STABLE_OFFSET_FALLS(Anomaly.STABLE_OFFSET_BACK),
        HIGH_WATERMARK_FALLS(Anomaly.HIGH_WATERMARK_BACK, Anomaly.STABLE_OFFSET_ABOVE_HIGH_WATERMARK),
        COMMITS_OFFSETS_ON_ABORT(Anomaly.OFFSET_WITHOUT_OUTPUT),
        DROPS_OFFSETS(Anomaly.OUTPUT_WITHOUT_OFFSET),
        FENCES_NOBODY(Anomaly.ZOMBIE_WRITE),
        NEVER_MARKS(Anomaly.HANGING_TRANSACTION, Anomaly.UNSEEN);

        final Set<Anomaly> names;

        Bug(Anomaly... names) {
            this.names = Set.of(names);
        }
    }

    /** Who asks: an id, the epoch it was given, which of its transactions. */
    record Asker(String id, int epoch, int number) {
    }

    private record Entry(String value, Tx tx) {
    }

    private static final class Tx {
        final Set<Place> enlisted = new LinkedHashSet<>();
        final Set<Place> marked = new LinkedHashSet<>();
        final Map<String, Map<Place, Long>> offsets = new TreeMap<>();
        Boolean commits;

        boolean isDone() {
            return marked.containsAll(enlisted);
        }
    }

    private static final class Id {
        int epoch;
        int lastEnded;
        boolean lastCommitted;
        Tx open;
        Tx ending;
    }

    private final SplittableRandom random;
    private final Bug bug;
    private final Map<Place, List<Entry>> logs = new LinkedHashMap<>();
    private final Map<String, Id> ids = new LinkedHashMap<>();
    private final Map<String, Map<Place, Long>> groups = new HashMap<>();

    ModelBroker(SplittableRandom random, Bug bug, List<Place> places) {
        this.random = random;
        this.bug = bug;
        places.forEach(place -> logs.put(place, new ArrayList<>()));
    }

    private boolean strikes(Bug one) {
        return bug == one && random.nextInt(4) == 0;
    }

    int init(String name) {
        Id id = ids.computeIfAbsent(name, itself -> new Id());
        if (id.open != null) end(id, false);
        finish(id);
        id.lastEnded = 0;
        return ++id.epoch;
    }

    /** @return null when the asker has been fenced or its transaction is over */
    private Id admit(Asker asker) {
        Id id = ids.get(asker.id);
        boolean stale = asker.epoch < id.epoch || asker.number <= id.lastEnded;
        if (stale && bug != Bug.FENCES_NOBODY) return null;
        finish(id);
        return id;
    }

    private Tx open(Id id) {
        if (id.open == null) id.open = new Tx();
        return id.open;
    }

    /** @return the offset, -1 for refused */
    long send(Asker asker, Place place, String value) {
        Tx tx = null;
        if (asker != null) {
            Id id = admit(asker);
            if (id == null) return -1;
            tx = open(id);
            tx.enlisted.add(place);
        }
        List<Entry> log = logs.get(place);
        long offset = log.size();
        if (strikes(Bug.LOSES_ACKNOWLEDGED)) return offset;
        log.add(new Entry(value, tx));
        if (strikes(Bug.APPENDS_TWICE)) log.add(new Entry(value, tx));
        return strikes(Bug.TELLS_A_WRONG_OFFSET) ? offset + 100 : offset;
    }

    boolean offsets(Asker asker, String group, Map<Place, Long> offsets) {
        Id id = admit(asker);
        if (id == null) return false;
        open(id).offsets.computeIfAbsent(group, itself -> new TreeMap<>()).putAll(offsets);
        return true;
    }

    boolean end(Asker asker, boolean commits) {
        Id id = ids.get(asker.id);
        boolean repeated = asker.epoch == id.epoch && asker.number == id.lastEnded;
        if (repeated) return id.lastCommitted == commits;
        id = admit(asker);
        if (id == null) return false;
        if (id.open != null) end(id, commits);
        id.lastEnded = asker.number;
        id.lastCommitted = commits;
        return true;
    }

    private void end(Id id, boolean commits) {
        id.ending = id.open;
        id.open = null;
        id.ending.commits = commits;
        boolean dropped = strikes(Bug.DROPS_OFFSETS);
        boolean kept = commits && !dropped || strikes(Bug.COMMITS_OFFSETS_ON_ABORT);
        if (kept) {
            id.ending.offsets.forEach((group, offsets) -> groups.computeIfAbsent(group, one ->
                    new TreeMap<>()).putAll(offsets));
        }
    }

    /** Writes one marker that is owed, if any. */
    void step() {
        for (Id id : ids.values()) {
            if (id.ending == null || random.nextBoolean()) continue;
            mark(id);
            return;
        }
    }

    void finishAll() {
        ids.values().forEach(this::finish);
    }

    private void finish(Id id) {
        while (id.ending != null) mark(id);
    }

    private void mark(Id id) {
        Tx tx = id.ending;
        for (Place place : tx.enlisted) {
            if (tx.marked.contains(place)) continue;
            if (bug == Bug.NEVER_MARKS && random.nextInt(8) == 0) break;
            tx.marked.add(place);
            boolean forgets = tx.marked.size() > 1 && strikes(Bug.FORGETS_A_PARTITION);
            if (forgets) forget(place, tx);
            logs.get(place).add(new Entry(null, null));
            break;
        }
        if (tx.isDone() || bug == Bug.NEVER_MARKS) id.ending = null;
    }

    /** As if this partition had been told to abort. */
    private void forget(Place place, Tx tx) {
        Tx aborted = new Tx();
        aborted.marked.add(place);
        aborted.commits = !tx.commits;
        logs.get(place).replaceAll(entry -> entry.tx == tx ? new Entry(entry.value, aborted) : entry);
    }

    long high(Place place) {
        long end = logs.get(place).size();
        return strikes(Bug.HIGH_WATERMARK_FALLS) ? end / 2 : end;
    }

    long stable(Place place) {
        long stable = firstUndecided(place);
        return strikes(Bug.STABLE_OFFSET_FALLS) ? stable / 2 : stable;
    }

    private long firstUndecided(Place place) {
        List<Entry> log = logs.get(place);
        for (int offset = 0; offset < log.size(); offset++) {
            Tx tx = log.get(offset).tx;
            if (tx != null && !tx.marked.contains(place)) return offset;
        }
        return log.size();
    }

    /** @return where to go on; records are added to {@code into} */
    long read(Place place, long from, boolean committed, List<Seen> into) {
        List<Entry> log = logs.get(place);
        long limit = committed && bug != Bug.SHOWS_UNDECIDED ? firstUndecided(place) : log.size();
        long next = strikes(Bug.READS_PAST_A_RECORD) ? from + 1 : from;
        if (strikes(Bug.READS_AGAIN)) next = Math.max(0, from - 2);
        for (int count = random.nextInt(6); next < limit && count > 0; next++) {
            Entry entry = log.get((int) next);
            boolean aborted = entry.tx != null && Boolean.FALSE.equals(entry.tx.commits);
            if (entry.value == null || committed && aborted && bug != Bug.SHOWS_ABORTED) continue;
            into.add(new Seen(place, next, entry.value));
            count--;
        }
        return next;
    }

    /** @return -1 for none */
    long groupOffset(String group, Place place) {
        return groups.getOrDefault(group, Map.of()).getOrDefault(place, -1L);
    }
}
