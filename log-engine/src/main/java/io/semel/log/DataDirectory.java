package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.wire.topic.TopicPartition;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that belong to a whole data directory, in Kafka's formats: who it belongs to, up to where each
 * log is durable, where each starts, and whether it was closed cleanly. Blocking; one caller at a time. In
 * the real world its lock is held by {@link io.semel.log.disk.DirectoryLock}.
 */
public final class DataDirectory {
    public static final String META_PROPERTIES = "meta.properties";
    public static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
    public static final String LOG_STARTS = "log-start-offset-checkpoint";
    public static final String CLEANER_POINTS = "cleaner-offset-checkpoint";
    public static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
    private static final String VERSION = "1";

    /** Whose directory it is. Ids are as Kafka writes them: 22 characters of base 64. */
    public record Identity(String clusterId, int nodeId, String directoryId) {
    }

    private final Disk disk;

    public DataDirectory(Disk disk) {
        this.disk = disk;
    }

    /**
     * Who it belongs to, null for a new one.
     *
     * @throws DiskFailure when the file is there but says something else
     */
    public Identity identity() {
        String text = SmallFile.readText(disk, META_PROPERTIES);
        if (text == null) return null;
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException malformed) {
            throw foreign("cannot be read as properties", malformed);
        }
        if (!VERSION.equals(properties.getProperty("version"))) {
            throw foreign("is of version " + properties.getProperty("version") + ", not " + VERSION, null);
        }
        String clusterId = properties.getProperty("cluster.id");
        String nodeId = properties.getProperty("node.id");
        if (clusterId == null || nodeId == null) throw foreign("names no cluster.id or no node.id", null);
        try {
            return new Identity(clusterId, Integer.parseInt(nodeId.trim()),
                    properties.getProperty("directory.id"));
        } catch (NumberFormatException malformed) {
            throw foreign("has a node.id that is no number: " + nodeId, malformed);
        }
    }

    private static DiskFailure foreign(String what, Throwable cause) {
        return new DiskFailure(META_PROPERTIES + " " + what
                + ": choose another data directory, or restore that file", cause);
    }

    public void identify(Identity identity) {
        StringBuilder text = new StringBuilder("#\n");
        text.append("cluster.id=").append(identity.clusterId()).append('\n');
        if (identity.directoryId() != null) {
            text.append("directory.id=").append(identity.directoryId()).append('\n');
        }
        text.append("node.id=").append(identity.nodeId()).append('\n');
        text.append("version=").append(VERSION).append('\n');
        SmallFile.replace(disk, META_PROPERTIES, text.toString());
    }

    /**
     * Up to where each log was known to be durable; empty when there is no file, or none that can be read.
     */
    public SortedMap<TopicPartition, Long> recoveryPoints() {
        return offsets(RECOVERY_POINTS);
    }

    public void writeRecoveryPoints(SortedMap<TopicPartition, Long> points) {
        writeOffsets(RECOVERY_POINTS, points);
    }

    /** Where each log starts for its readers when that is above its first segment's base. */
    public SortedMap<TopicPartition, Long> logStarts() {
        new CheckedFile(disk, LOG_STARTS).check();
        return offsets(LOG_STARTS);
    }

    /** What lies below a start is removed when its log is opened: no turned bit may pass for a start. */
    public void writeLogStarts(SortedMap<TopicPartition, Long> starts) {
        byte[] content = text(starts).getBytes(StandardCharsets.UTF_8);
        new CheckedFile(disk, LOG_STARTS).announce(content);
        writeOffsets(LOG_STARTS, starts);
    }

    /** Up to where each compacted log was cleaned. */
    public SortedMap<TopicPartition, Long> cleanerPoints() {
        return offsets(CLEANER_POINTS);
    }

    public void writeCleanerPoints(SortedMap<TopicPartition, Long> points) {
        writeOffsets(CLEANER_POINTS, points);
    }

    private SortedMap<TopicPartition, Long> offsets(String path) {
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        for (String line : Checkpoint.parse(path, SmallFile.readText(disk, path))) {
            String[] fields = line.split(" ");
            try {
                offsets.put(new TopicPartition(fields[0], Integer.parseInt(fields[1])),
                        Long.parseLong(fields[2]));
            } catch (RuntimeException malformed) {
                throw Checkpoint.unreadable(path, "has a line that is no topic, partition and offset: "
                        + line, malformed);
            }
        }
        return offsets;
    }

    private void writeOffsets(String path, SortedMap<TopicPartition, Long> offsets) {
        SmallFile.replace(disk, path, text(offsets));
    }

    private static String text(SortedMap<TopicPartition, Long> offsets) {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> entry : offsets.entrySet()) {
            TopicPartition name = entry.getKey();
            lines.add(name.topic() + " " + name.partition() + " " + entry.getValue());
        }
        return Checkpoint.text(lines);
    }

    /**
     * Whether the last broker here closed every log; the mark is taken away, durably, so that it speaks for
     * one start only.
     */
    public boolean takeCleanMark() {
        if (!disk.exists(CLEAN_SHUTDOWN)) return false;
        disk.delete(CLEAN_SHUTDOWN);
        disk.forceDirectory("");
        return true;
    }

    /** Every log was closed cleanly and the checkpoints are written: the last thing a broker writes. */
    public void leaveCleanMark() {
        SmallFile.replace(disk, CLEAN_SHUTDOWN, "{\"version\":0,\"brokerEpoch\":-1}");
    }
}
