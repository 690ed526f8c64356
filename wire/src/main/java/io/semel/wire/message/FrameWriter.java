package io.semel.wire.message;

import io.semel.wire.batch.BatchSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * Takes a message from its generated class as chunks: what it writes goes into one buffer, cut where records
 * stand. One use.
 */
final class FrameWriter extends ByteBufferAccessor {
    private final List<Reply.Chunk> chunks = new ArrayList<>();
    private final ByteBuffer buffer;
    private int cutAt;

    private FrameWriter(ByteBuffer buffer) {
        super(buffer);
        this.buffer = buffer;
    }

    static List<Reply.Chunk> chunks(ApiMessage header, short headerVersion, ApiMessage body,
        short bodyVersion) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, bodyVersion);
        FrameWriter writer =
            new FrameWriter(ByteBuffer.allocate(Integer.BYTES + size.sizeExcludingZeroCopy()));
        writer.writeInt(size.totalSize());
        header.write(writer, cache, headerVersion);
        body.write(writer, cache, bodyVersion);
        writer.cut();
        return writer.chunks;
    }

    private void cut() {
        int position = buffer.position();
        if (position > cutAt) chunks.add(new Reply.Bytes(buffer.slice(cutAt, position - cutAt)));
        cutAt = position;
    }

    /** The generated classes count such fields as not copied. */
    @Override
    public void writeByteBuffer(ByteBuffer bytes) {
        cut();
        if (bytes.hasRemaining()) chunks.add(new Reply.Bytes(bytes.duplicate()));
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (!(records instanceof SliceRecords inFiles)) {
            writeByteBuffer(SliceRecords.bytesOf(records));
            return;
        }
        cut();
        for (BatchSlice slice : inFiles.slices()) chunks.add(new Reply.Range(slice));
    }
}
