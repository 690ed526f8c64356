package io.semel.log;

import io.semel.kernel.world.Disk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The lane's side of a log's compaction: says what can be cleaned, begins a {@link Cleaning}, and swaps in
 * what it has made. Owned by the log's lane.
 */
public final class Compactor {
    private final Disk disk;
    private final String directory;
    private final LogConfig config;
    private final SegmentList segments;
    private final Consumer<List<Segment>> onReplaced;

    /** @param onReplaced told of segments that are the log's no more */
    Compactor(Disk disk, String directory, LogConfig config, SegmentList segments,
            Consumer<List<Segment>> onReplaced) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.segments = segments;
        this.onReplaced = onReplaced;
    }

    /**
     * What can be cleaned now. Touches no file.
     *
     * @param firstDirty where the last cleaning ended
     * @param bound nothing at or above it is cleaned: the least of the stable offset and the recovery point
     *     that is written down, since recovery takes a gap above that for damage
     */
    public Compaction.Cleanable cleanable(Compaction how, long firstDirty, long bound, long nowMs) {
        return how.cleanable(segments, firstDirty, bound, nowMs);
    }

    /** Begins to clean what {@link #cleanable} told; one at a time for each log. */
    public Cleaning begin(Cleaning.Order order, LogWriters writers) {
        List<Cleaning.Source> sources = new ArrayList<>();
        for (int index = 0; index < segments.count(); index++) {
            Segment segment = segments.get(index);
            if (segment.active() || segment.endOffset() > order.end()) break;
            sources.add(new Cleaning.Source(segment.base(), segment.size(), segment.endOffset()));
        }
        return new Cleaning(disk, directory, config, List.copyOf(sources), order, writers);
    }

    /** Whether the log still has all that the group was made of. Until {@link #take}, none may be removed. */
    public boolean takes(CleanedGroup group) {
        int first = segments.indexOf(group.base());
        List<Cleaning.Source> sources = group.sources();
        if (first < 0 || first + sources.size() >= segments.count()) return false;
        for (int index = 0; index < sources.size(); index++) {
            Segment segment = segments.get(first + index);
            Cleaning.Source source = sources.get(index);
            boolean same = segment.base() == source.base() && segment.endOffset() == source.end();
            if (!same || segment.size() != source.size()) return false;
        }
        return true;
    }

    /**
     * Readers find the new segment from now on. Only after {@link #takes} and {@link CleanedGroup#decide}.
     */
    public void take(CleanedGroup group) {
        int first = segments.indexOf(group.base());
        List<Segment> replaced = segments.replace(first, group.sources().size(), group.segment());
        group.replaces(replaced);
        onReplaced.accept(replaced);
    }

    /** After {@link CleanedGroup#complete}: the new segment's files have their names. */
    public void settle(CleanedGroup group) {
        group.segment().unpinned();
    }
}
