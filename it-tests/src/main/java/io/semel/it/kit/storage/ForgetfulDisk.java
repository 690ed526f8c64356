package io.semel.it.kit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A real block device with an ext4 file system on it that forgets what was not forced when its power is cut:
 * an nbdkit whose write-back cache dies with it, shown as a file by nbdfuse, as a disk by a loop device.
 * Everything a process has written and the kernel has flushed or not, journal and all, is as a disk would
 * leave it. Needs Linux, root and the packages nbdkit and libnbd-bin: see {@link #missing}. Owned by one
 * thread; what fails is an {@link IllegalStateException} that names the command.
 */
public final class ForgetfulDisk implements AutoCloseable {
    private static final List<String> TOOLS = List.of("nbdkit", "nbdfuse", "losetup", "mkfs.ext4", "mount",
            "umount");
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"),
            Path.of("/bin"), Path.of("/sbin"), Path.of("/usr/local/bin"));
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Path home;
    private final Path image;
    private final Path socket;
    private final Path pid;
    private final Path file;
    private final Path mount;
    private ProcessHandle server;
    private Process window;
    private String loop;
    private boolean mounted;

    /** A JVM that is told to end leaves no device behind. */
    private final Thread farewell = new Thread(this::unplug, "semel-disk-farewell");

    private ForgetfulDisk(Path home) {
        this.home = home;
        this.image = home.resolve("image");
        this.socket = home.resolve("socket");
        this.pid = home.resolve("pid");
        this.file = home.resolve("file");
        this.mount = home.resolve("mount");
    }

    /** Why there can be none on this machine; null when there can. */
    public static String missing() {
        if (!Files.isWritable(Path.of("/dev/fuse"))) return "no /dev/fuse that may be used (root, Linux)";
        if (!Files.isWritable(Path.of("/dev/loop-control"))) return "no loop devices that may be used (root)";
        for (String tool : TOOLS) {
            if (PLACES.stream().noneMatch(place -> Files.isExecutable(place.resolve(tool)))) {
                return "no " + tool + " (Debian: apt-get install nbdkit libnbd-bin e2fsprogs)";
            }
        }
        return null;
    }

    /** A new one with an empty file system. @param mebibytes its size; takes room as it is written */
    public static ForgetfulDisk make(int mebibytes) {
        ForgetfulDisk disk = null;
        try {
            disk = new ForgetfulDisk(Files.createTempDirectory("semel-disk"));
            Files.createDirectory(disk.mount);
            try (var channel = Files.newByteChannel(Files.createFile(disk.image),
                    StandardOpenOption.WRITE)) {
                channel.position(((long) mebibytes << 20) - 1).write(ByteBuffer.wrap(new byte[1]));
            }
            Runtime.getRuntime().addShutdownHook(disk.farewell);
            disk.plugIn();
            run("mkfs.ext4", "-q", disk.loop);
            disk.mount();
            return disk;
        } catch (IOException failure) {
            if (disk != null) disk.close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException failure) {
            if (disk != null) disk.close();
            throw failure;
        }
    }

    /** Where its files are; the same over all cuts. */
    public Path directory() {
        return mount;
    }

    /** The power goes: what was not forced is gone, and who still writes is told of an I/O error. */
    public void cut() {
        boolean lives = window.isAlive() && server.isAlive();
        end(server);
        if (!lives) throw new IllegalStateException("the disk had ended by itself: " + log());
    }

    /** Power again after {@link #cut}, and mounted: the file system repairs itself by its journal. */
    public void revive() {
        unplug();
        plugIn();
        mount();
    }

    private void plugIn() {
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(pid);
            Files.deleteIfExists(file);
            Files.createFile(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        run("nbdkit", "--pidfile", pid.toString(), "--unix", socket.toString(), "--filter=cache", "file",
                image.toString(), "cache=writeback");
        server = handle();
        window = start("nbdfuse", file.toString(), "nbd+unix:///?socket=" + socket);
        await(() -> file.toFile().length() > 0, "nbdfuse");
        loop = run("losetup", "--find", "--show", file.toString()).strip();
    }

    private void mount() {
        run("mount", "-o", "noatime", loop, mount.toString());
        mounted = true;
    }

    /** Every step is tried whatever became of the others. */
    private synchronized void unplug() {
        if (mounted && attempt("umount", mount.toString()) != 0) {
            attempt("umount", "-l", mount.toString());
        }
        mounted = false;
        if (loop != null) attempt("losetup", "-d", loop);
        loop = null;
        if (window != null && attempt("umount", file.toString()) != 0) {
            attempt("umount", "-l", file.toString());
        }
        if (window != null) end(window.toHandle());
        end(server);
    }

    /** Gives back the device and its room. */
    @Override
    public void close() {
        unplug();
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException ending) {
            return;
        }
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(one -> one.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Process start(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile())).start();
        } catch (IOException failure) {
            throw new IllegalStateException("cannot start " + command[0] + ": " + failure.getMessage(),
                    failure);
        }
    }

    /** Of the server, which goes its own way: otherwise it ends with the thread that has started it. */
    private ProcessHandle handle() {
        await(() -> !read(pid).isBlank(), "nbdkit");
        long number = Long.parseLong(read(pid).strip());
        return ProcessHandle.of(number).orElseThrow(() -> new IllegalStateException("nbdkit has ended"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notThere) {
            return "";
        }
    }

    private void await(BooleanSupplier up, String name) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!up.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(name + " does not come up: " + log());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private String log() {
        return read(home.resolve("log"));
    }

    /** Returns when it holds nothing any more; who has adopted it may take his time to bury it. */
    private void end(ProcessHandle process) {
        if (process == null) return;
        process.destroyForcibly();
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        await(() -> !process.isAlive() || read(stat).contains(") Z "), "the end of a process");
    }

    private static int attempt(String... command) {
        return execute(new StringBuilder(), command);
    }

    private static String run(String... command) {
        StringBuilder output = new StringBuilder();
        int exit = execute(output, command);
        if (exit == 0) return output.toString();
        throw new IllegalStateException(String.join(" ", command) + " gave " + exit + ": "
                + output.toString().strip());
    }

    private static int execute(StringBuilder output, String... command) {
        try {
            Path complaints = Files.createTempFile("semel-disk", ".err");
            Process process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
            process.getOutputStream().close();
            output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            int exit = process.waitFor();
            if (exit != 0) output.append(Files.readString(complaints));
            Files.delete(complaints);
            return exit;
        } catch (IOException failure) {
            output.append(failure.getMessage());
            return -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + command[0], interrupted);
        }
    }
}
