package io.semel.wire.message;

import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Batches in files as the generated messages carry records: they are sent from the file, in this order.
 * Immutable; whoever encodes the message takes over the slices. Also the only door to the library's own
 * record classes.
 */
public final class SliceRecords implements BaseRecords {
    /** No batches: what a fetch at the log's end gets. */
    public static final SliceRecords EMPTY = new SliceRecords(List.of());

    private final List<BatchSlice> slices;
    private final int sizeInBytes;

    public SliceRecords(List<BatchSlice> slices) {
        this.slices = List.copyOf(slices);
        int size = 0;
        for (BatchSlice slice : slices) size = Math.addExact(size, slice.sizeInBytes());
        this.sizeInBytes = size;
    }

    public List<BatchSlice> slices() {
        return slices;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** Not the way we send: {@link ReplyFrame} is. */
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("sent by ReplyFrame only");
    }

    /** Batches in memory, to be put into a message. */
    public static BaseRecords ofBytes(ByteBuffer batches) {
        return MemoryRecords.readableRecords(batches);
    }

    /**
     * The batches that a decoded message carries, from position to limit, as a view of its frame; null for
     * none.
     */
    public static ByteBuffer bytesOf(BaseRecords records) {
        return records instanceof MemoryRecords memory ? memory.buffer() : null;
    }
}
