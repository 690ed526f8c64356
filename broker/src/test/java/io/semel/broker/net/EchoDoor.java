package io.semel.broker.net;

import io.semel.kernel.world.DiskFile;
import io.semel.wire.batch.BatchSlice;
import io.semel.wire.message.Reply;
import io.semel.wire.message.ReplyFrame;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;

/**
 * A front door that answers each frame with its own bytes, or with a part of a file where it has one. It can
 * keep frames instead. Any thread.
 */
final class EchoDoor implements FrontDoor {
    private static final short SASL_AUTHENTICATE = 36;
    private static final short FETCH = 1;

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger received = new AtomicInteger();
    final AtomicInteger released = new AtomicInteger();
    final ConcurrentLinkedQueue<Runnable> kept = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<ReplyPort> ports = new ConcurrentLinkedQueue<>();
    volatile boolean keeps;
    volatile boolean pauses;
    volatile DiskFile file;
    volatile int fileBytes;

    @Override
    public Session open(Peer peer, ReplyPort port) {
        opened.incrementAndGet();
        ports.add(port);
        return new Session() {
            @Override
            public void receive(ByteBuffer frame, Runnable consumed) {
                received.incrementAndGet();
                if (keeps) {
                    kept.add(consumed);
                    return;
                }
                if (pauses) port.pauseReading(true);
                port.send(answer(frame));
                consumed.run();
            }

            @Override
            public void closed() {
                closed.incrementAndGet();
            }
        };
    }

    private Reply answer(ByteBuffer frame) {
        int id = frame.getInt();
        if (file != null) return fromFile(id);
        byte[] rest = new byte[frame.remaining()];
        frame.get(rest);
        return ReplyFrame.encode(id, SASL_AUTHENTICATE, (short) 0, new SaslAuthenticateResponseData()
            .setAuthBytes(rest));
    }

    private Reply fromFile(int id) {
        int half = fileBytes / 2;
        BatchSlice first = new BatchSlice(file, 0, half, released::incrementAndGet);
        BatchSlice second = new BatchSlice(file, half, fileBytes - half, released::incrementAndGet);
        FetchResponseData response = new FetchResponseData();
        FetchableTopicResponse topic = new FetchableTopicResponse().setTopic("t");
        topic.partitions().add(new PartitionData().setRecords(new SliceRecords(List.of(first, second))));
        response.responses().add(topic);
        return ReplyFrame.encode(id, FETCH, (short) 4, response);
    }
}
