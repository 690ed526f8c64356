package io.semel.group;

import io.semel.kernel.law.Journal;
import io.semel.kernel.world.DiskFailure;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A journal of encoded records in memory, durable when told. What is folded again went through the codec. */
final class RecordJournal implements Journal<GroupEvent> {
    private record Entry(ByteBuffer key, ByteBuffer value, long producerId, short producerEpoch,
                         boolean marker, boolean commit) {
    }

    private final GroupEventCodec codec = new GroupEventCodec();
    private final List<Entry> entries = new ArrayList<>();
    private long durableOffset;
    private boolean broken;

    @Override
    public long append(List<GroupEvent> events) {
        if (broken) throw new DiskFailure("broken by the test", null);
        long first = entries.size();
        for (GroupEvent event : events) {
            entries.add(new Entry(codec.key(event), codec.value(event), codec.producerId(event),
                    codec.producerEpoch(event), false, false));
        }
        return first;
    }

    /** Appends a marker by the other door; returns what it is to the room. */
    GroupEvent appendMarker(long producerId, boolean commit) {
        entries.add(new Entry(null, null, producerId, (short) 0, true, commit));
        return codec.marker(header(producerId, (short) 0), commit);
    }

    void force() {
        durableOffset = entries.size();
    }

    void breakDown() {
        broken = true;
    }

    @Override
    public void hasten() {
        // whoever plays with it forces it
    }

    @Override
    public long endOffset() {
        return entries.size();
    }

    @Override
    public long durableOffset() {
        return durableOffset;
    }

    /** What a crash leaves: everything durable, and some of what is not. */
    RecordJournal survivor(long offset) {
        RecordJournal left = new RecordJournal();
        left.entries.addAll(entries.subList(0, Math.toIntExact(offset)));
        left.durableOffset = offset;
        return left;
    }

    /**
     * The same after the cleaner has gone over what is below {@code cleanTo}: of each key the last record is
     * left there, tombstones are gone. What was written in a transaction stays.
     */
    RecordJournal cleaned(long cleanTo) {
        RecordJournal left = survivor(durableOffset);
        Map<ByteBuffer, Integer> lastOf = new TreeMap<>();
        for (int offset = 0; offset < cleanTo; offset++) {
            Entry entry = left.entries.get(offset);
            if (!entry.marker && entry.producerId < 0) lastOf.put(entry.key, offset);
        }
        for (int offset = 0; offset < cleanTo; offset++) {
            Entry entry = left.entries.get(offset);
            if (entry.marker || entry.producerId >= 0) continue;
            if (lastOf.get(entry.key) != offset || entry.value == null) left.entries.set(offset, null);
        }
        return left;
    }

    void foldInto(GroupShard shard) {
        for (int offset = 0; offset < entries.size(); offset++) {
            GroupEvent event = eventAt(offset);
            if (event != null) shard.evolve(event, offset);
        }
    }

    GroupEvent eventAt(int offset) {
        Entry entry = entries.get(offset);
        if (entry == null) return null;
        BatchHeader batch = header(entry.producerId, entry.producerEpoch);
        if (entry.marker) return codec.marker(batch, entry.commit);
        return codec.decode(batch, entry.key.duplicate(), entry.value == null ? null
                : entry.value.duplicate());
    }

    static BatchHeader header(long producerId, short producerEpoch) {
        ByteBuffer bytes = ByteBuffer.allocate(BatchHeader.SIZE);
        bytes.putShort(BatchHeader.ATTRIBUTES, (short) (producerId >= 0 ? 0x10 : 0));
        bytes.putLong(BatchHeader.PRODUCER_ID, producerId);
        bytes.putShort(BatchHeader.PRODUCER_EPOCH, producerEpoch);
        return new BatchHeader().wrap(bytes, 0);
    }
}
