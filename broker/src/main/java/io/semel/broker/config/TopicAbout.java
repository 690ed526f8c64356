package io.semel.broker.config;

import java.util.Map;
import java.util.TreeMap;

/** What becomes of each of a topic's settings: for DescribeConfigs and docs/configs.md. Stateless. */
public final class TopicAbout {
    private static final Map<String, String> WORDS = new TreeMap<>();

    static {
        WORDS.put("cleanup.policy", "delete, compact, both or neither");
        WORDS.put("compression.type",
                "only producer: batches stay as the producer made them; others are refused");
        WORDS.put("max.message.bytes", "largest batch accepted");
        WORDS.put("message.timestamp.type", "CreateTime as the producer says, or LogAppendTime");
        WORDS.put("retention.bytes", "old segments beyond this size are removed; -1 for no bound");
        WORDS.put("retention.ms", "records older than this are removed; -1 for no bound");
        WORDS.put("segment.bytes", "a segment is ended before it grows beyond this");
        WORDS.put("segment.ms",
                "a segment is ended when a record comes that is so much younger than its first");
        WORDS.put("delete.retention.ms",
                "in a compacted topic tombstones and markers stay so long once they could go");
        WORDS.put("min.compaction.lag.ms", "records younger than this are not compacted");
        WORDS.put("max.compaction.lag.ms", "records older than this are compacted whatever the ratio");
        WORDS.put("min.cleanable.dirty.ratio",
                "a log is compacted when more than this part of it is new since the last time");
        for (String key : new String[] {"flush.messages", "flush.ms"}) {
            WORDS.put(key, "no effect: nothing is acknowledged before it is durable");
        }
        for (String key : new String[] {"index.interval.bytes", "segment.index.bytes", "preallocate",
            "segment.jitter.ms", "file.delete.delay.ms"}) {
            WORDS.put(key, "no effect: the broker's own way of keeping files");
        }
        WORDS.put("message.timestamp.after.max.ms",
                "a producer's time that lies further ahead is refused; compressed batches by their header");
        WORDS.put("message.timestamp.before.max.ms",
                "a producer's time that lies further back is refused; compressed batches by their header");
        for (String key : new String[] {"min.insync.replicas", "unclean.leader.election.enable",
            "leader.replication.throttled.replicas", "follower.replication.throttled.replicas"}) {
            WORDS.put(key, "no effect: this broker is alone");
        }
        for (String codec : new String[] {"gzip", "lz4", "zstd"}) {
            WORDS.put("compression." + codec + ".level", "no effect: batches stay as the producer made them");
        }
        WORDS.put("remote.storage.enable", "only false: remote storage is not built");
        for (String key : new String[] {"local.retention.bytes", "local.retention.ms",
            "remote.log.copy.disable", "remote.log.delete.on.disable"}) {
            WORDS.put(key, "no effect: remote storage is not built");
        }
    }

    private TopicAbout() {
    }

    /** Never null for a key that is known. */
    public static String of(String key) {
        return WORDS.get(key);
    }
}
