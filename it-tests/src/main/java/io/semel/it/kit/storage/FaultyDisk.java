package io.semel.it.kit.storage;

import io.semel.it.kit.storage.DiskStep.Verb;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;
import java.util.List;

/** The engine's real disk, as its {@link Storage} lets it work. Any thread. */
final class FaultyDisk implements Disk {
    private final Storage storage;
    private final Unforced unforced;
    private final Disk disk;

    FaultyDisk(Storage storage, Unforced unforced, Disk disk) {
        this.storage = storage;
        this.unforced = unforced;
        this.disk = disk;
    }

    @Override
    public DiskFile open(String path) {
        if (disk.exists(path)) return new FaultyFile(storage, unforced, disk.open(path));
        DiskStep step = DiskStep.of(Verb.CREATE, path);
        storage.pass(step);
        storage.beforeWrite(path);
        DiskFile file = disk.open(path);
        unforced.created(path);
        storage.pass(step.nowDone());
        return new FaultyFile(storage, unforced, file);
    }

    @Override
    public IndexBytes openIndex(String path, int capacityBytes) {
        return disk.openIndex(path, capacityBytes);
    }

    @Override
    public long sizeOf(String path) {
        return disk.sizeOf(path);
    }

    @Override
    public long totalBytes() {
        return disk.totalBytes();
    }

    @Override
    public String place() {
        return disk.place();
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String directory) {
        return disk.list(directory);
    }

    @Override
    public boolean isDirectory(String path) {
        return disk.isDirectory(path);
    }

    @Override
    public void createDirectories(String path) {
        if (disk.isDirectory(path)) return;
        DiskStep step = DiskStep.of(Verb.CREATE, path);
        storage.pass(step);
        storage.beforeWrite(path);
        disk.createDirectories(path);
        storage.pass(step.nowDone());
    }

    @Override
    public void delete(String path) {
        if (!disk.exists(path)) return;
        DiskStep step = DiskStep.of(Verb.DELETE, path);
        storage.pass(step);
        unforced.deleted(path);
        disk.delete(path);
        storage.pass(step.nowDone());
    }

    @Override
    public void rename(String from, String to) {
        DiskStep step = DiskStep.rename(from, to);
        storage.pass(step);
        disk.rename(from, to);
        unforced.renamed(from, to);
        storage.pass(step.nowDone());
    }

    @Override
    public void forceDirectory(String directory) {
        DiskStep step = DiskStep.of(Verb.FORCE, directory);
        storage.pass(step);
        storage.beforeForce(directory);
        disk.forceDirectory(directory);
        unforced.directoryForced(directory);
        storage.pass(step.nowDone());
    }

    @Override
    public long usableBytes() {
        return storage.usableBytes(disk.usableBytes());
    }
}
