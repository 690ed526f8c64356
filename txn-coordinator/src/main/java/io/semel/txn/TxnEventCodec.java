package io.semel.txn;

import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnEvent.TxnRemoved;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.EventCodec;
import io.semel.wire.topic.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Events as records of {@code __transaction_state}: Kafka's key version 0 and value version 1, written; value
 * version 0 is read too. Stateless, any thread. Other key and value versions are not ours and skipped; bytes
 * that contradict themselves are refused.
 */
public final class TxnEventCodec implements EventCodec<TxnEvent> {
    private static final short KEY_VERSION = 0;
    private static final short VALUE_VERSION = 1;
    private static final int TAG_PREVIOUS_PRODUCER_ID = 0;
    private static final int TAG_NEXT_PRODUCER_ID = 1;
    private static final int TAG_CLIENT_VERSION = 2;

    @Override
    public ByteBuffer key(TxnEvent event) {
        byte[] name = event.transactionalId().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + name.length).putShort(KEY_VERSION).putShort((short) name.length)
            .put(name).flip();
    }

    @Override
    public ByteBuffer value(TxnEvent event) {
        return event instanceof TxnChanged changed ? write(changed.txn()) : null;
    }

    @Override
    public TxnEvent decode(BatchHeader batch, ByteBuffer key, ByteBuffer value) {
        ByteBuffer keyBytes = key.duplicate();
        if (keyBytes.getShort() != KEY_VERSION) return null;
        String transactionalId = text(keyBytes, keyBytes.getShort());
        if (value == null) return new TxnRemoved(transactionalId);
        ByteBuffer valueBytes = value.duplicate();
        short version = valueBytes.getShort();
        if (version < 0 || version > VALUE_VERSION) return null;
        return new TxnChanged(read(transactionalId, valueBytes, version));
    }

    private static ByteBuffer write(Txn txn) {
        List<byte[]> topics = new ArrayList<>();
        int size = 64 + 5;
        String last = null;
        for (TopicPartition partition : txn.partitions()) {
            size += 4;
            if (partition.topic().equals(last)) continue;
            last = partition.topic();
            topics.add(last.getBytes(StandardCharsets.UTF_8));
            size += topics.get(topics.size() - 1).length + 11;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putShort(VALUE_VERSION).putLong(txn.producerId()).putShort(txn.producerEpoch())
            .putInt(txn.timeoutMs());
        out.put(txn.phase().code());
        putPartitions(out, txn, topics);
        out.putLong(txn.updatedMs()).putLong(txn.startMs());
        putTags(out, txn);
        return out.flip();
    }

    private static void putPartitions(ByteBuffer out, Txn txn, List<byte[]> topics) {
        if (txn.phase() == TxnPhase.EMPTY) {
            putUnsigned(out, 0);
            return;
        }
        putUnsigned(out, topics.size() + 1);
        int from = 0;
        for (byte[] topic : topics) {
            String name = txn.partitions().get(from).topic();
            int to = from;
            while (to < txn.partitions().size() && txn.partitions().get(to).topic().equals(name)) to++;
            putUnsigned(out, topic.length + 1);
            out.put(topic);
            putUnsigned(out, to - from + 1);
            for (; from < to; from++) out.putInt(txn.partitions().get(from).partition());
            putUnsigned(out, 0);
        }
    }

    /** Tagged fields in order of their tags, those at their default left out. */
    private static void putTags(ByteBuffer out, Txn txn) {
        boolean previous = txn.previousProducerId() != Txn.NONE;
        boolean next = txn.nextProducerId() != Txn.NONE;
        boolean version = txn.clientVersion() != 0;
        putUnsigned(out, (previous ? 1 : 0) + (next ? 1 : 0) + (version ? 1 : 0));
        if (previous) putTag(out, TAG_PREVIOUS_PRODUCER_ID, 8).putLong(txn.previousProducerId());
        if (next) putTag(out, TAG_NEXT_PRODUCER_ID, 8).putLong(txn.nextProducerId());
        if (version) putTag(out, TAG_CLIENT_VERSION, 2).putShort(txn.clientVersion());
    }

    private static ByteBuffer putTag(ByteBuffer out, int tag, int size) {
        putUnsigned(out, tag);
        putUnsigned(out, size);
        return out;
    }

    private static Txn read(String transactionalId, ByteBuffer in, short version) {
        boolean flexible = version >= 1;
        long producerId = in.getLong();
        short producerEpoch = in.getShort();
        int timeoutMs = in.getInt();
        byte status = in.get();
        TxnPhase phase = TxnPhase.ofCode(status);
        refuseUnless(phase != null, "no phase has this number: ", status);
        List<TopicPartition> partitions = readPartitions(in, flexible);
        long updatedMs = in.getLong();
        long startMs = in.getLong();
        Tags tags = flexible ? readTags(in) : new Tags(Txn.NONE, Txn.NONE, (short) 0);
        return new Txn(transactionalId, producerId, producerEpoch, (short) Txn.NONE, tags.previousProducerId,
            tags.nextProducerId, timeoutMs, phase, phase == TxnPhase.EMPTY ? List.of() : partitions, startMs,
            updatedMs, tags.clientVersion);
    }

    private static List<TopicPartition> readPartitions(ByteBuffer in, boolean flexible) {
        TreeSet<TopicPartition> partitions = new TreeSet<>();
        int topics = flexible ? unsigned(in) - 1 : in.getInt();
        for (int topic = 0; topic < topics; topic++) {
            String name = text(in, flexible ? unsigned(in) - 1 : in.getShort());
            int count = flexible ? unsigned(in) - 1 : in.getInt();
            for (int index = 0; index < count; index++) partitions.add(new TopicPartition(name, in.getInt()));
            if (flexible) skipTags(in);
        }
        return List.copyOf(partitions);
    }

    private record Tags(long previousProducerId, long nextProducerId, short clientVersion) {
    }

    private static Tags readTags(ByteBuffer in) {
        long previousProducerId = Txn.NONE;
        long nextProducerId = Txn.NONE;
        short clientVersion = 0;
        for (int count = unsigned(in); count > 0; count--) {
            int tag = unsigned(in);
            int next = end(in, unsigned(in));
            if (tag == TAG_PREVIOUS_PRODUCER_ID) previousProducerId = in.getLong();
            else if (tag == TAG_NEXT_PRODUCER_ID) nextProducerId = in.getLong();
            else if (tag == TAG_CLIENT_VERSION) clientVersion = in.getShort();
            in.position(next);
        }
        return new Tags(previousProducerId, nextProducerId, clientVersion);
    }

    private static void skipTags(ByteBuffer in) {
        for (int count = unsigned(in); count > 0; count--) {
            unsigned(in);
            in.position(end(in, unsigned(in)));
        }
    }

    private static int end(ByteBuffer in, int size) {
        refuseUnless(size >= 0 && size <= in.remaining(), "a field longer than what is left: ", size);
        return in.position() + size;
    }

    private static void refuseUnless(boolean sound, String why, int number) {
        if (!sound) throw new IllegalArgumentException("record of __transaction_state: " + why + number);
    }

    private static String text(ByteBuffer in, int size) {
        int end = end(in, size);
        byte[] bytes = new byte[size];
        in.get(bytes).position(end);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void putUnsigned(ByteBuffer out, int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static int unsigned(ByteBuffer in) {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) return value;
        }
        throw new IllegalArgumentException("a variable-length number of more than five bytes");
    }
}
