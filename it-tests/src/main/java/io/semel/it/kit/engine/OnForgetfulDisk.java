package io.semel.it.kit.engine;

import io.semel.it.kit.storage.ForgetfulDisk;
import io.semel.it.kit.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lives of an engine in a process whose data lie on a real device that forgets what was not forced when the
 * power is cut. The process goes first, so that nobody hears of the device's end, as with a machine that
 * loses its power; what the kernel flushes between the two was written before.
 */
final class OnForgetfulDisk implements Life {
    private static final int MEBIBYTES = 1_024;
    private final Life process;
    private final ForgetfulDisk disk;
    private boolean dark;

    private OnForgetfulDisk(Life process, ForgetfulDisk disk) {
        this.process = process;
        this.disk = disk;
    }

    /** @param process keeps its data in {@code directory/data} */
    static OnForgetfulDisk under(Path directory, Life process) {
        String missing = ForgetfulDisk.missing();
        if (missing != null) throw new UnsupportedOperationException("no disk whose power can be cut: "
                + missing);
        ForgetfulDisk disk = ForgetfulDisk.make(MEBIBYTES);
        try {
            Path data = Files.createDirectory(disk.directory().resolve("data"));
            Files.createSymbolicLink(directory.resolve("data"), data);
            return new OnForgetfulDisk(process, disk);
        } catch (IOException failure) {
            disk.close();
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public int start(int port) {
        power();
        return process.start(port);
    }

    @Override
    public void begin(int port) {
        power();
        process.begin(port);
    }

    private void power() {
        if (dark) disk.revive();
        dark = false;
    }

    @Override
    public boolean serves() {
        return process.serves();
    }

    @Override
    public Path log() {
        return process.log();
    }

    @Override
    public void cutPower() {
        process.crash();
        disk.cut();
        dark = true;
    }

    @Override
    public void stop() {
        process.stop();
    }

    @Override
    public void crash() {
        process.crash();
    }

    @Override
    public Storage storage() {
        return process.storage();
    }

    @Override
    public void pause() {
        process.pause();
    }

    @Override
    public void resume() {
        process.resume();
    }

    @Override
    public Throwable defect() {
        return process.defect();
    }

    @Override
    public void moveClock(Duration forward) {
        process.moveClock(forward);
    }

    @Override
    public void end() {
        disk.close();
    }
}
