package io.semel.log.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir
    Path root;

    @Test
    void refusesASecondBrokerOfTheSameProcessUntilTheFirstHasGone() {
        Path directory = root.resolve("data");
        DirectoryLock first = DirectoryLock.take(directory);

        DiskFailure refused = assertThrows(DiskFailure.class, () -> DirectoryLock.take(directory));
        first.close();
        DirectoryLock.take(directory).close();

        assertTrue(refused.getMessage().startsWith(directory.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("another broker runs on this data directory"),
                refused.getMessage());
    }

    @Test
    void refusesASecondProcess() throws IOException {
        Process holder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin",
                "java").toString(), "-cp",
                System.getProperty("java.class.path"), Holder.class.getName(),
                        root.toString()).redirectErrorStream(true).start();
        try (BufferedReader said = new BufferedReader(new InputStreamReader(holder.getInputStream(),
                StandardCharsets.UTF_8))) {
            assertEquals("held", said.readLine());

            assertThrows(DiskFailure.class, () -> DirectoryLock.take(root));
        } finally {
            holder.destroyForcibly();
        }
    }

    /** Run in a JVM of its own: holds the lock until it is killed. */
    static final class Holder {
        private Holder() {
        }

        public static void main(String[] arguments) throws IOException {
            DirectoryLock lock = DirectoryLock.take(Path.of(arguments[0]));
            System.out.println("held");
            System.in.read();
            lock.close();
        }
    }
}
