package io.semel.wire.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.semel.kernel.world.DiskFile;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplyTest {
    @TempDir
    Path directory;
    private final List<Integer> released = new ArrayList<>();

    /** A file of the temporary directory, to be read only. */
    private record ReadFile(Path where, FileChannel channel) implements DiskFile {
        @Override
        public String path() {
            return where.toString();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            try {
                return channel.read(target, position);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }

        @Override
        public long size() {
            return where.toFile().length();
        }

        @Override
        public void write(ByteBuffer source, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private static PartitionData partition(int index, SliceRecords records) {
        return new PartitionData().setPartitionIndex(index).setHighWatermark(5).setRecords(records);
    }

    @Test
    void sendsBatchesFromTheirFiles() throws IOException {
        ByteBuffer first = new BatchBuilder().add(1, new byte[] {1}, new byte[100]).build();
        ByteBuffer second = new BatchBuilder().baseOffset(1).add(2, new byte[] {2}, new byte[50]).build();
        Path path = directory.resolve("log");
        Files.write(path, ByteBuffer.allocate(first.remaining() + second.remaining() + 10).position(10)
            .put(first.duplicate())
            .put(second.duplicate()).array());
        FetchResponseData response = new FetchResponseData();
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopic("t");
        response.responses().add(topic);
        try (DiskFile file = new ReadFile(path, FileChannel.open(path, StandardOpenOption.READ))) {
            BatchSlice firstSlice = new BatchSlice(file, 10, first.remaining(), () -> released.add(1));
            BatchSlice secondSlice = new BatchSlice(file, 10 + first.remaining(), second.remaining(), () ->
                released.add(2));
            topic.partitions().add(partition(0, new SliceRecords(List.of(firstSlice, secondSlice))));
            topic.partitions().add(partition(1, SliceRecords.EMPTY));

            Reply reply = ReplyFrame.encode(3, (short) 1, (short) 11, response);

            ByteBuffer frame = reply.materialise();
            assertEquals(reply.sizeInBytes(), frame.remaining());
            assertEquals(2, reply.chunks().stream().filter(Reply.Range.class::isInstance).count());
            AbstractResponse parsed =
                AbstractResponse.parseResponse(org.apache.kafka.common.protocol.ApiKeys.FETCH,
                new ByteBufferAccessor(frame.position(8)), (short) 11);
            var partitions = ((FetchResponse) parsed).data().responses().get(0).partitions();
            ByteBuffer both = ByteBuffer.allocate(first.remaining() + second.remaining()).put(first)
                .put(second).flip();
            assertEquals(both, ((MemoryRecords) partitions.get(0).records()).buffer());
            assertEquals(0, partitions.get(1).records().sizeInBytes());
            assertEquals(List.of(), released);
            reply.release();
            reply.release();
            assertEquals(List.of(1, 2), released);
        }
    }

    @Test
    void givesFileRangesBackWhenAResponseCannotBeWritten() {
        BatchSlice slice = new BatchSlice(null, 0, 10, () -> released.add(1));
        FetchResponseData response = new FetchResponseData();
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopic(null);
        topic.partitions().add(partition(0, new SliceRecords(List.of(slice))));
        response.responses().add(topic);

        assertThrows(RuntimeException.class, () -> ReplyFrame.encode(1, (short) 1, (short) 11, response));

        assertEquals(List.of(1), released);
    }

    @Test
    void saysSoWhenAFileIsShorterThanItsRange() throws IOException {
        Path path = Files.write(directory.resolve("short"), new byte[20]);
        try (DiskFile file = new ReadFile(path, FileChannel.open(path, StandardOpenOption.READ))) {
            Reply reply = new Reply(List.of(new Reply.Range(new BatchSlice(file, 15, 10, () -> { }))));

            assertThrows(IllegalStateException.class, reply::materialise);
        }
    }
}
