package io.semel.broker.config;

import java.util.Map;
import java.util.TreeMap;

/** What becomes of each of a topic's settings: for DescribeConfigs and docs/configs.md. Stateless. */
public final class TopicAbout {
    private static final Map<String, String> WORDS = new TreeMap<>();

    static {
        WORDS.put("cleanup.policy", "delete, compact or both");
        WORDS.put("compression.type",
                "only producer: batches stay as the producer made them; others are refused");
        WORDS.put("max.message.bytes", "largest batch accepted");
        WORDS.put("message.timestamp.type", "CreateTime; see what is not built for LogAppendTime");
        WORDS.put("retention.bytes", "old segments beyond this size are removed; -1 for no bound");
        WORDS.put("retention.ms", "records older than this are removed; -1 for no bound");
        WORDS.put("segment.bytes", "a segment is ended before it grows beyond this");
        WORDS.put("segment.ms",
                "a segment is ended when a record comes that is so much younger than its first");
        for (String key : new String[] {"delete.retention.ms", "max.compaction.lag.ms",
                "min.compaction.lag.ms",
            "min.cleanable.dirty.ratio"}) {
            WORDS.put(key, "for compaction");
        }
        for (String key : new String[] {"flush.messages", "flush.ms"}) {
            WORDS.put(key, "no effect: nothing is acknowledged before it is durable");
        }
        for (String key : new String[] {"index.interval.bytes", "segment.index.bytes", "preallocate",
            "segment.jitter.ms", "file.delete.delay.ms"}) {
            WORDS.put(key, "no effect: the broker's own way of keeping files");
        }
        for (String key : new String[] {"message.timestamp.after.max.ms",
                "message.timestamp.before.max.ms"}) {
            WORDS.put(key, "no effect yet: a record's time is not judged");
        }
        for (String key : new String[] {"min.insync.replicas", "unclean.leader.election.enable",
            "leader.replication.throttled.replicas", "follower.replication.throttled.replicas"}) {
            WORDS.put(key, "no effect: this broker is alone");
        }
        WORDS.put("remote.storage.enable", "only false: remote storage is not built");
        for (String key : new String[] {"local.retention.bytes", "local.retention.ms"}) {
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
