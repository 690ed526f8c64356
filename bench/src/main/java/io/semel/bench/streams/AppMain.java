package io.semel.bench.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * One program in a process of its own, to be killed. Arguments: kind, program, name, bootstrap servers, state
 * directory, settings of Kafka Streams. Says in one line when it runs, and ends cleanly on SIGTERM.
 */
final class AppMain {
    private AppMain() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        long startedMs = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        long mainMs = System.currentTimeMillis();
        Map<String, String> settings = new TreeMap<>();
        for (int i = 5; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            settings.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        App app = App.start(arguments[0], new App.Spec(Program.valueOf(arguments[1]), arguments[2],
                arguments[3], Path.of(arguments[4]), settings));
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "close"));
        boolean runs = app.awaitRunning(Duration.ofMinutes(3));
        System.out.printf(Locale.ROOT, "%.2f s start of the JVM, %.2f s until it %s, %,d records replayed%n",
                (mainMs - startedMs) / 1e3, (System.currentTimeMillis() - mainMs) / 1e3,
                runs ? "ran" : "did not run", app.restored());
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
