package io.semel.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Who a data directory belongs to: Kafka's {@code meta.properties}, version 1. Stateless. */
final class DataIdentity {
    private static final String FILE = "meta.properties";

    private DataIdentity() {
    }

    /** The cluster id kept in the directory; drawn and kept at the first start. */
    static String of(Path directory, int nodeId) {
        Path file = directory.resolve(FILE);
        try {
            if (Files.exists(file)) return read(file, nodeId);
            Properties fresh = new Properties();
            fresh.setProperty("version", "1");
            fresh.setProperty("cluster.id", Uuid.randomUuid().toString());
            fresh.setProperty("node.id", Integer.toString(nodeId));
            fresh.setProperty("directory.id", Uuid.randomUuid().toString());
            Path draft = directory.resolve(FILE + "." + UUID.randomUUID() + ".tmp");
            try (OutputStream out = Files.newOutputStream(draft)) {
                fresh.store(out, null);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            return fresh.getProperty("cluster.id");
        } catch (IOException failure) {
            throw new UncheckedIOException(file + " cannot be read or written: " + failure, failure);
        }
    }

    private static String read(Path file, int nodeId) throws IOException {
        Properties kept = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            kept.load(in);
        }
        String cluster = kept.getProperty("cluster.id");
        String node = kept.getProperty("node.id");
        if (cluster == null || node == null) {
            throw new IllegalStateException(file + " has no cluster.id or node.id: it is damaged, or no data directory of a broker");
        }
        if (!node.equals(Integer.toString(nodeId))) {
            throw new IllegalStateException(file + " says node.id=" + node + ", this broker is " + nodeId + ": is it the right directory?");
        }
        return cluster;
    }
}
