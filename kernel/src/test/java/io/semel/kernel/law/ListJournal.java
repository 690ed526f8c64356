package io.semel.kernel.law;

import io.semel.kernel.world.DiskFailure;
import java.util.ArrayList;
import java.util.List;

/** A journal in a list whose durability the test decides. */
final class ListJournal implements Journal<String> {
    final List<String> events = new ArrayList<>();
    private long durableOffset;
    /** Appends fail once it holds this many events. */
    int failAt = Integer.MAX_VALUE;
    boolean full;
    boolean unwritable;
    long hastened;

    @Override
    public long append(List<String> more) {
        if (full) throw new DiskFailure("journal: no room; make some", null, true);
        if (unwritable) throw new Unwritable("journal: too long to be written down", null);
        if (events.size() >= failAt) throw new DiskFailure("journal: disk said no; replace it", null);
        events.addAll(more);
        return events.size() - more.size();
    }

    @Override
    public void hasten() {
        if (durableOffset < events.size()) hastened = events.size();
    }

    @Override
    public long endOffset() {
        return events.size();
    }

    @Override
    public long durableOffset() {
        return durableOffset;
    }

    void force() {
        durableOffset = events.size();
    }

    void forceTo(long offset) {
        durableOffset = offset;
    }
}
