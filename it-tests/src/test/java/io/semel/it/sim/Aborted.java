package io.semel.it.sim;

import io.semel.committed.AbortedRange;
import io.semel.committed.CommittedFilter;
import io.semel.wire.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Which batches of one answer a read_committed reader skips: by the rule of Kafka's consumers, written out
 * here, and by our own filter, which must say the same of every batch.
 */
final class Aborted {
    private final PriorityQueue<FetchResponseData.AbortedTransaction> toCome =
            new PriorityQueue<>(Comparator.comparingLong(FetchResponseData.AbortedTransaction::firstOffset));
    private final TreeSet<Long> aborting = new TreeSet<>();
    private final CommittedFilter ours;
    private int at;

    Aborted(List<FetchResponseData.AbortedTransaction> told) {
        List<AbortedRange> ranges = new ArrayList<>();
        if (told != null) {
            toCome.addAll(told);
            for (FetchResponseData.AbortedTransaction one : told) ranges.add(range(one.producerId(),
                    one.firstOffset()));
        }
        this.ours = new CommittedFilter(ranges);
    }

    private static AbortedRange range(long producerId, long firstOffset) {
        return new AbortedRange(producerId, firstOffset, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    /** @param all the answer's bytes, of which {@code batch} is the next batch */
    boolean skips(RecordBatch batch, ByteBuffer all) {
        boolean skips = skips(batch);
        boolean delivers = ours.delivers(new BatchHeader().wrap(all, all.position() + at));
        at += batch.sizeInBytes();
        if (skips == delivers) throw new AssertionError("the filters differ on " + batch);
        return skips;
    }

    private boolean skips(RecordBatch batch) {
        while (!toCome.isEmpty() && toCome.peek()
                .firstOffset() <= batch.lastOffset()) aborting.add(toCome.poll().producerId());
        if (batch.isControlBatch()) {
            Iterator<Record> marker = batch.iterator();
            boolean aborts = marker.hasNext()
                    && ControlRecordType.parse(marker.next().key()) == ControlRecordType.ABORT;
            if (aborts) aborting.remove(batch.producerId());
            return true;
        }
        return batch.isTransactional() && aborting.contains(batch.producerId());
    }
}
