package io.semel.group;

import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be committed, told from the list of all commits and markers in the journal: slow and plain, to
 * check the room by.
 */
final class OffsetModel {
    private record Entry(long at, String groupId, TopicPartition partition, long producerId, long value) {
    }

    private record Marker(long at, long producerId, boolean commit) {
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<Marker> markers = new ArrayList<>();

    void committed(long at, String groupId, TopicPartition partition, long producerId, long value) {
        entries.add(new Entry(at, groupId, partition, producerId, value));
    }

    void marked(long at, long producerId, boolean commit) {
        markers.add(new Marker(at, producerId, commit));
    }

    /** A crash took everything from this offset on. */
    void lose(long from) {
        entries.removeIf(entry -> entry.at >= from);
        markers.removeIf(marker -> marker.at >= from);
    }

    /** The offset that counts, -1 for none: of all that do, the one that stands last. */
    long expected(String groupId, TopicPartition partition) {
        long value = -1;
        for (Entry entry : entries) {
            if (!entry.groupId.equals(groupId) || !entry.partition.equals(partition)) continue;
            Marker marker = markerOf(entry);
            if (entry.producerId < 0 || marker != null && marker.commit) value = entry.value;
        }
        return value;
    }

    boolean isPending(String groupId, TopicPartition partition) {
        for (Entry entry : entries) {
            boolean here = entry.groupId.equals(groupId) && entry.partition.equals(partition);
            if (here && entry.producerId >= 0 && markerOf(entry) == null) return true;
        }
        return false;
    }

    boolean hasPending(long producerId) {
        for (Entry entry : entries) {
            if (entry.producerId == producerId && markerOf(entry) == null) return true;
        }
        return false;
    }

    private Marker markerOf(Entry entry) {
        for (Marker marker : markers) {
            if (marker.producerId == entry.producerId && marker.at > entry.at) return marker;
        }
        return null;
    }
}
