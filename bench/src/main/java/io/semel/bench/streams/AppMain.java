package io.semel.bench.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * One program in a process of its own, to be killed. Arguments: kind, name, bootstrap servers, state
 * directory. Says in one line when it runs, and ends cleanly on SIGTERM.
 */
final class AppMain {
    private AppMain() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        long startedMs = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        long mainMs = System.currentTimeMillis();
        App app = App.start(arguments[0], new App.Spec(arguments[1], arguments[2], 0,
                Path.of(arguments[3]), Map.of()));
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "close"));
        boolean runs = app.awaitRunning(Duration.ofMinutes(3));
        System.out.printf(Locale.ROOT, "%.2f s start of the JVM, %.2f s until it %s, %,d records replayed%n",
                (mainMs - startedMs) / 1e3, (System.currentTimeMillis() - mainMs) / 1e3,
                runs ? "ran" : "did not run", app.restored());
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
