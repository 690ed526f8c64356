package io.semel.log;

import io.semel.kernel.world.DiskFailure;
import io.semel.log.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Run in a JVM of its own whose calls to the operating system fail when it says so: writes a log on the real
 * disk and tells, line by line, what was acknowledged and what was refused, for {@link RealDiskTroubleTest}.
 */
final class TroubledLog {
    private static final int EIO = 5;
    private static final int ENOSPC = 28;

    private final Path root;
    private final Path order = Path.of(String.valueOf(System.getenv("SEMEL_FAILING")));
    private final Random random = new Random(1);
    private final PartitionLog log;

    private TroubledLog(Path root) {
        this.root = root;
        this.log = open("orders-0");
    }

    public static void main(String[] arguments) throws IOException {
        TroubledLog troubled = new TroubledLog(Path.of(arguments[0]));
        for (int count = 0; count < 20; count++) troubled.appendAndForce();
        switch (arguments[1]) {
            case "write" -> troubled.writeFails(EIO);
            case "full" -> troubled.writeFails(ENOSPC);
            case "force" -> troubled.forceFails();
            case "read" -> troubled.readFails();
            case "files" -> troubled.filesRunOut();
            default -> throw new IllegalArgumentException(arguments[1]);
        }
        Runtime.getRuntime().halt(0);
    }

    private PartitionLog open(String name) {
        return PartitionLog.open(new FileDisk(root), name, LogConfig.defaults(), Tests.opening(0, false));
    }

    private void append() {
        log.append(Tests.batch(1, 3_000, 1_000, random), 0);
    }

    private void appendAndForce() {
        append();
        PartitionLog.Forcing forcing = log.beginForce();
        forcing.run();
        log.markDurable(forcing.offset());
        say("acknowledged " + forcing.offset());
    }

    private void writeFails(int number) throws IOException {
        Files.writeString(order, "write /orders-0/ " + number);
        refused(this::appendAndForce);
        say("end " + log.endOffset());
        Files.delete(order);
        refused(this::appendAndForce);
        readAll();
    }

    private void forceFails() throws IOException {
        Files.writeString(order, "force /orders-0/ " + EIO);
        refused(this::appendAndForce);
        Files.delete(order);
        refused(() -> log.beginForce().run());
        refused(this::appendAndForce);
        readAll();
    }

    private void readFails() throws IOException {
        Files.writeString(order, "read /orders-0/ " + EIO);
        refused(this::readAll);
        Files.delete(order);
        readAll();
        appendAndForce();
    }

    /** Classes are loaded before: a broker's lie in a file that is open. */
    private void filesRunOut() {
        PartitionLog rehearsal = open("rehearsal-0");
        rehearsal.append(Tests.batch(1, 10, 1_000, random), 0);
        Tests.take(rehearsal.read(0, 1, 4_000, true));
        rehearsal.close(false);
        List<PartitionLog> others = new ArrayList<>();
        refused(() -> {
            for (int number = 0; number < 1_000; number++) {
                PartitionLog other = open("other-" + number);
                others.add(other);
                other.append(Tests.batch(1, 10, 1_000, random), 0);
            }
        });
        say("opened " + others.size());
        readAll();
        appendAndForce();
        others.forEach(other -> other.close(false));
        PartitionLog late = open("late-0");
        late.append(Tests.batch(1, 10, 1_000, random), 0);
        appendAndForce();
    }

    private void readAll() {
        int bytes = 0;
        for (long offset = 0; offset < log.recoveryPoint(); offset++) {
            bytes += Tests.take(log.read(offset, offset + 1, 4_000, true)).length;
        }
        say("read " + bytes);
    }

    private static void refused(Runnable act) {
        try {
            act.run();
            say("taken");
        } catch (DiskFailure failure) {
            say("refused " + (failure.full() ? "full " : "") + failure.getMessage());
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
