package io.semel.it.kit.storage;

import io.semel.it.kit.storage.DiskStep.Verb;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file, as its {@link Storage} lets it work. Used as the file is. */
final class FaultyFile implements DiskFile {
    private final Storage storage;
    private final Unforced unforced;
    private final DiskFile file;

    FaultyFile(Storage storage, Unforced unforced, DiskFile file) {
        this.storage = storage;
        this.unforced = unforced;
        this.file = file;
    }

    @Override
    public String path() {
        return file.path();
    }

    @Override
    public void write(ByteBuffer source, long position) {
        DiskStep step = DiskStep.write(path(), source);
        storage.pass(step);
        storage.beforeWrite(path());
        unforced.beforeWrite(file, position, source.remaining());
        file.write(source, position);
        storage.pass(step.nowDone());
    }

    @Override
    public int read(ByteBuffer target, long position) {
        storage.beforeRead(path());
        return file.read(target, position);
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void truncate(long size) {
        DiskStep step = DiskStep.of(Verb.TRUNCATE, path());
        storage.pass(step);
        unforced.beforeTruncate(file, size);
        file.truncate(size);
        storage.pass(step.nowDone());
    }

    /** As a kernel does it: one that failed has lost what it was to keep, whatever a later one says. */
    @Override
    public void force() {
        DiskStep step = DiskStep.of(Verb.FORCE, path());
        int covered = unforced.count(path());
        storage.pass(step);
        try {
            storage.beforeForce(path());
        } catch (DiskFailure failure) {
            if (!storage.isOff()) unforced.failed(file);
            throw failure;
        }
        file.force();
        unforced.forced(path(), covered);
        storage.pass(step.nowDone());
    }

    @Override
    public FileChannel channel() {
        return file.channel();
    }

    @Override
    public void close() {
        file.close();
    }
}
