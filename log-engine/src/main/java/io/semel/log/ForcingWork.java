package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.log.disk.Health;
import io.semel.log.disk.Reserve;
import io.semel.log.disk.SharedFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What was dirty when a force began, made durable in the order it was written: segments, ended indexes, the
 * epochs, then the names. Filled on the lane, run once on an I/O thread.
 */
final class ForcingWork implements PartitionLog.Forcing {
    private final Disk disk;
    private final String directory;
    private final Health health;
    private final Reserve reserve;
    private final long offset;
    private final List<Segment> segments = new ArrayList<>();
    private final List<SharedFile> files = new ArrayList<>();
    private final List<SegmentIndexes.Retired> retired = new ArrayList<>();
    private final List<String> directories = new ArrayList<>();
    private String epochs;
    private String metadata;

    ForcingWork(Disk disk, String directory, Health health, Reserve reserve, long offset) {
        this.disk = disk;
        this.reserve = reserve;
        this.directory = directory;
        this.health = health;
        this.offset = offset;
    }

    void segment(Segment segment) {
        segments.add(segment);
        files.add(segment.shareFile());
    }

    /** What an earlier force covers that nobody has confirmed: it may not have run, or not yet. */
    void alsoAllOf(ForcingWork earlier) {
        earlier.segments.forEach(this::segment);
        retired.addAll(earlier.retired);
        directories.addAll(earlier.directories);
        epochs = earlier.epochs;
        metadata = earlier.metadata;
    }

    /** It has run, and its owner knows. On the lane. */
    void confirmed() {
        for (Segment segment : segments) segment.place().forced();
    }

    /** A segment was removed: a force that comes after this one must not open it again. On the lane. */
    void forget(List<Segment> removed) {
        segments.removeAll(removed);
    }

    void retired(List<SegmentIndexes.Retired> indexes) {
        retired.addAll(indexes);
    }

    void directories(List<String> changed) {
        directories.addAll(changed);
    }

    List<String> directories() {
        return directories;
    }

    /** @param text null when the file need not be written */
    void epochs(String text) {
        if (text != null) epochs = text;
    }

    /** @param text null when the file need not be written */
    void metadata(String text) {
        if (text != null) metadata = text;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public void run() {
        try {
            forceContent();
            forceNames();
        } finally {
            files.forEach(SharedFile::release);
        }
    }

    /**
     * A disk that finds no room for what it has taken already has lost it: as final as any failed force
     * (I13).
     */
    private void forceContent() {
        try {
            health.check();
            for (SharedFile file : files) file.file().force();
            for (SegmentIndexes.Retired indexes : retired) indexes.trim();
        } catch (DiskFailure failure) {
            throw health.failed(failure.full() ? new DiskFailure(failure.getMessage(), failure) : failure);
        }
    }

    /**
     * Here a full disk has lost nothing: the same again works once there is room. What frees room may wait
     * for this force, so it takes the reserve before it fails.
     */
    private void forceNames() {
        try {
            for (String changed : directories) disk.forceDirectory(changed);
            reserve.run(this::writeSmallFiles);
        } catch (DiskFailure failure) {
            throw failure.full() ? failure : health.failed(failure);
        }
    }

    private void writeSmallFiles() {
        if (metadata != null) SmallFile.replace(disk, directory + "/" + LogNames.METADATA, metadata);
        if (epochs != null) SmallFile.replace(disk, directory + "/" + LogNames.EPOCHS, epochs);
    }
}
