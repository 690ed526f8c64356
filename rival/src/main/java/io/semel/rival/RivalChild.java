package io.semel.rival;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * The main class of the child process of {@link RivalKafka}. Halts when its standard input ends, so that no
 * broker outlives the JVM that started it, however that one died.
 */
final class RivalChild {

    private static final int EXIT_ORPHANED = 3;

    private RivalChild() { }

    /** Arguments: the server.properties and the data directory that it names. */
    public static void main(String[] args) {
        Thread tether = new Thread(() -> haltAtEndOf(System.in), "tether");
        tether.setDaemon(true);
        tether.start();
        becomeKafka(Path.of(args[0]), Path.of(args[1]));
    }

    /**
     * Formats the data directory at the first start, then runs kafka.Kafka, which ends with the process
     * only.
     */
    static void becomeKafka(Path properties, Path data) {
        if (!Files.exists(data.resolve("meta.properties"))) {
            String clusterId = Uuid.randomUuid().toString();
            String[] format = {"format", "--config", properties.toString(), "--cluster-id", clusterId};
            int exit = StorageTool.execute(format, System.err);
            if (exit != 0) System.exit(exit);
            force(data);
        }
        Kafka.main(new String[] {properties.toString()});
    }

    /**
     * The format tool forces nothing: a power cut within half a minute empties bootstrap.checkpoint, which is
     * read at every start. Who is to be compared has been formatted long ago.
     */
    private static void force(Path data) {
        try (Stream<Path> files = Files.walk(data.toRealPath())) {
            for (Path file : files.toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void haltAtEndOf(InputStream in) {
        try {
            while (in.read() >= 0) { }
        } catch (IOException gone) {
            // as good as its end
        }
        Runtime.getRuntime().halt(EXIT_ORPHANED);
    }
}
