package io.semel.it.kit.storage;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The disk of an engine, and what goes wrong with it from now on: {@code storage.fill()}, {@code
 * storage.slowForces(ofSeconds(2))}. Every verb lasts until {@link #heal}, and concerns all files unless
 * {@link #in} was said before. Any thread, under its own monitor.
 */
public final class Storage {
    private static final int FLIP_TRIES = 1_000;

    private final Path root;
    private final Unforced unforced;
    private String where = "";
    private boolean full;
    private boolean forcesFail;
    private boolean readsFail;
    private boolean off;
    private Standstill asked;
    private boolean still;
    private long forceDelayMs;
    private long struck;

    /** @param root the engine's data directory */
    public Storage(Path root) {
        this.root = root;
        this.unforced = new Unforced(root);
    }

    /** The same files, with these faults. */
    public Disk over(Disk disk) {
        return new FaultyDisk(this, unforced, disk);
    }

    /** What follows concerns only files whose path has this in it, such as {@code orders-0/}. */
    public synchronized Storage in(String partOfPath) {
        where = partOfPath;
        return this;
    }

    /** There is no room any more: nothing is written. */
    public synchronized void fill() {
        full = true;
    }

    /** Forces fail: what was written before them is lost when the power is cut. */
    public synchronized void failForces() {
        forcesFail = true;
    }

    /** Every force takes so much longer. */
    public synchronized void slowForces(Duration each) {
        forceDelayMs = each.toMillis();
    }

    /** Reads by the engine fail; what it hands to the operating system to send does not pass here. */
    public synchronized void failReads() {
        readsFail = true;
    }

    /** The engine stands still when it comes to this point for the first time from now on. */
    public Standstill standStillAt(CrashPoint point) {
        return standStillAt(point, 1);
    }

    /** @param time the how manieth time, from 1. One point is asked for at a time, the last one. */
    public synchronized Standstill standStillAt(CrashPoint point, int time) {
        asked = new Standstill(this, point, where, time);
        return asked;
    }

    /**
     * Space comes back, an engine that stands still goes on, forces and reads work again. What a failed force
     * has lost stays lost.
     */
    public synchronized void heal() {
        where = "";
        full = false;
        forcesFail = false;
        readsFail = false;
        asked = null;
        still = false;
        forceDelayMs = 0;
        notifyAll();
    }

    /** How many writes, forces and reads these faults have struck. */
    public synchronized long struck() {
        return struck;
    }

    /**
     * Turns one bit around in a file of those that {@link #in} means and whose name ends so.
     *
     * @param seed of the file, the byte and the bit
     * @return which one it was, for people
     * @throws IllegalStateException there is no such file, or none holds anything
     */
    public String flipBit(long seed, String nameEnd) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Path> files = files(nameEnd);
        for (int attempt = 0; attempt < FLIP_TRIES && !files.isEmpty(); attempt++) {
            Path file = files.get(random.nextInt(files.size()));
            try {
                long size = Files.size(file);
                if (size > 0) return flip(file, random.nextLong(size), random.nextInt(Byte.SIZE));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        throw new IllegalStateException("no file with anything in it under " + root + " has " + where
                + " in its path and ends with " + nameEnd);
    }

    private synchronized List<Path> files(String nameEnd) {
        try (Stream<Path> all = Files.walk(root)) {
            return new ArrayList<>(all.filter(Files::isRegularFile)
                    .filter(file -> root.relativize(file).toString().contains(where))
                    .filter(file -> file.toString().endsWith(nameEnd)).sorted().toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String flip(Path file, long position, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 1 << bit));
            channel.write(one.flip(), position);
        }
        return root.relativize(file) + " byte " + position + " bit " + bit;
    }

    /** From now on nothing changes, nothing becomes durable, and what waits for it fails. */
    public synchronized void cut() {
        off = true;
        notifyAll();
    }

    /** After {@link #cut}, when the engine is dead: what was not forced is gone, and the disk works again. */
    public synchronized void comeBack() {
        unforced.forget();
        comeBackWhole();
    }

    /** As {@link #comeBack}, with all that was written: the engine alone has died, not the machine. */
    public synchronized void comeBackWhole() {
        off = false;
        heal();
    }

    synchronized boolean awaitStill(Standstill standstill, Duration patience) {
        long endNs = System.nanoTime() + patience.toNanos();
        while (!still || asked != standstill) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0) return false;
            pause(leftMs);
        }
        return true;
    }

    /** Every step passes here before it is done and, unless it failed, after; it may take long. */
    synchronized void pass(DiskStep step) {
        if (asked != null && !still && asked.sees(step)) {
            still = true;
            notifyAll();
        }
        while (still && !off) pause(0);
        if (off) throw new DiskFailure(step.path() + ": the power is off", null);
    }

    private boolean concerns(String path) {
        return path.contains(where);
    }

    synchronized void beforeWrite(String path) {
        if (!full || !concerns(path)) return;
        struck++;
        throw new DiskFailure(path + ": writing failed: no space left (by the test kit)", null, true);
    }

    synchronized void beforeRead(String path) {
        if (!readsFail || !concerns(path)) return;
        struck++;
        throw new DiskFailure(path + ": reading failed (by the test kit)", null);
    }

    /** Waits as long as forces take. */
    synchronized void beforeForce(String path) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forceDelayMs);
        if (forceDelayMs > 0 && concerns(path)) struck++;
        while (forceDelayMs > 0 && concerns(path) && !off) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0) break;
            pause(leftMs);
        }
        if (off) throw new DiskFailure(path + ": the power is off", null);
        if (!forcesFail || !concerns(path)) return;
        struck++;
        throw new DiskFailure(path + ": forcing failed (by the test kit)", null);
    }

    synchronized boolean isOff() {
        return off;
    }

    private void pause(long ms) {
        try {
            wait(ms);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiskFailure("interrupted while a force was slow", interrupted);
        }
    }

    synchronized long usableBytes(long real) {
        return full ? 0 : real;
    }
}
