package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.compression.CompressionType;
import io.semel.kernel.world.Clock;
import io.semel.wire.batch.BatchCheck;
import io.semel.wire.batch.BatchCheck.Problem;
import io.semel.wire.batch.BatchCheck.Times;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.RecordCursor;
import io.semel.wire.error.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Checks the batches of a produce request before a lane is troubled: on the connection's thread, no state of
 * its own.
 */
final class ProduceCheck {
    private static final short ZSTD_FROM = 7;
    /** I14: so many records at fault are named; more are told that they stood beside them. */
    private static final int AT_FAULT_MAX = 1_000;
    /** {@code log.message.timestamp.after.max.ms}: an hour, for clocks that differ. */
    private static final long AFTER_MAX_MS = 3_600_000;

    /**
     * What was found for one partition: an error with its message, or the batch.
     *
     * @param records which of them were at fault, where that is known (KIP-467)
     */
    record Finding(ErrorCode error, String message, ByteBuffer batch,
            List<BatchIndexAndErrorMessage> records) {
    }

    /** One finding for each partition, in the order of the request. */
    record Findings(List<Finding> list) {
    }

    private final Topics topics;
    private final int messageBytesMax;
    private final Clock clock;

    ProduceCheck(Topics topics, int messageBytesMax, Clock clock) {
        this.clock = clock;
        this.topics = topics;
        this.messageBytesMax = messageBytesMax;
    }

    Findings all(ProduceRequestData request, short version) {
        BatchCheck check = new BatchCheck();
        BatchHeader header = new BatchHeader();
        List<Finding> findings = new ArrayList<>();
        for (TopicProduceData topicData : request.topicData()) {
            Topic topic = topics.find(topicData.name(), topicData.topicId());
            for (PartitionProduceData data : topicData.partitionData()) findings.add(one(check, header,
                    topic, data, version));
        }
        return new Findings(findings);
    }

    private Finding one(BatchCheck check, BatchHeader header, Topic topic, PartitionProduceData data,
            short version) {
        if (!(data.records() instanceof MemoryRecords records)) return refuse(ErrorCode.INVALID_RECORD,
                "no records");
        ByteBuffer batch = records.buffer();
        header.wrap(batch, batch.position());
        int bytesMax = topic == null ? messageBytesMax : bytesMaxOf(topic);
        Problem problem = check.client(header, batch.remaining());
        if (problem == Problem.NONE && header.codecId() == CompressionType.ZSTD.id() && version < ZSTD_FROM) {
            return refuse(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "zstd needs Produce version " + ZSTD_FROM);
        }
        if (problem == Problem.NONE && header.sizeInBytes() > bytesMax) {
            return refuse(ErrorCode.MESSAGE_TOO_LARGE, "batch of " + header.sizeInBytes()
                    + " bytes; max.message.bytes is " + bytesMax);
        }
        Times times = topic == null ? Times.ALL : timesOf(topic);
        boolean keyed = topic != null && topic.isCompacted();
        if (problem == Problem.NONE && !times.takes(header)) problem = Problem.TIMESTAMP;
        if (problem == Problem.NONE) problem = recordsOf(check, header, keyed, times);
        Finding refusal = problem == Problem.TIMESTAMP && times != Times.ALL ? outOf(times, header)
                : refuse(problem.error(), problem == Problem.NONE ? null : "batch refused: " + problem);
        if (problem == Problem.NONE) return new Finding(ErrorCode.NONE, null, batch, List.of());
        boolean ofRecords = problem == Problem.TIMESTAMP || problem == Problem.KEY;
        return ofRecords ? atFault(refusal, header, keyed, times) : refusal;
    }

    /** Compacted topics need keys, so that their compressed batches are read here; others pass unread. */
    private static Problem recordsOf(BatchCheck check, BatchHeader header, boolean keyed, Times times) {
        if (!keyed || header.codecId() == CompressionType.NONE.id()) {
            return check.records(header, keyed, times);
        }
        RecordCursor cursor = new RecordCursor().open(header);
        try {
            return BatchCheck.records(cursor, header, true, times);
        } finally {
            cursor.close();
        }
    }

    /** Names the records at fault, so that whoever sent them knows which to leave out. */
    private static Finding atFault(Finding refusal, BatchHeader header, boolean keyed, Times times) {
        if (!keyed && header.codecId() != CompressionType.NONE.id()) return refusal;
        List<BatchIndexAndErrorMessage> records = new ArrayList<>();
        RecordCursor cursor = new RecordCursor().open(header);
        try {
            for (int index = 0; cursor.next() && records.size() < AT_FAULT_MAX; index++) {
                String problem = keyed && !cursor.hasKey() ? "a compacted topic takes no record without a key"
                        : times.takes(cursor.timestamp()) ? null
                        : outOf(times, cursor.timestamp() + "");
                if (problem != null) records.add(new BatchIndexAndErrorMessage().setBatchIndex(index)
                        .setBatchIndexErrorMessage(problem));
            }
        } finally {
            cursor.close();
        }
        return new Finding(refusal.error(), refusal.message(), null, records);
    }

    /** KIP-937; what carries the time of appending may have been made at any time. */
    private Times timesOf(Topic topic) {
        if (topic.stampsAppendTime()) return Times.ALL;
        long nowMs = clock.nowMs();
        long before = topics.number(topic, "message.timestamp.before.max.ms", Long.MAX_VALUE);
        long after = topics.number(topic, "message.timestamp.after.max.ms", AFTER_MAX_MS);
        return new Times(nowMs - before, after > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + after);
    }

    private static Finding outOf(Times times, BatchHeader header) {
        return refuse(ErrorCode.INVALID_TIMESTAMP, outOf(times, "between " + header.baseTimestamp() + " and "
                + header.maxTimestamp()));
    }

    /** Clients show what is said of a record in place of what is said of its batch: so both say all. */
    private static String outOf(Times times, String timestamp) {
        return "a timestamp " + timestamp + " is out of range: message.timestamp.before.max.ms and"
                + " message.timestamp.after.max.ms take those from " + times.earliest() + " to "
                + times.latest();
    }

    private int bytesMaxOf(Topic topic) {
        return (int) topics.number(topic, "max.message.bytes", messageBytesMax);
    }

    private static Finding refuse(ErrorCode error, String message) {
        return new Finding(error, message, null, List.of());
    }
}
