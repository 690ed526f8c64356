package io.semel.it.streams;

import static io.semel.streams.dsl.Via.via;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Table;
import io.semel.streams.dsl.Topology;
import io.semel.streams.run.Running;
import io.semel.streams.run.StreamsConfig;
import java.nio.file.Path;

/**
 * Sums amounts by name through a repartition topic, joined with a table; runs in a process that can be
 * killed.
 */
final class CountingApp {
    final Topic<String, String> events;
    final Topic<String, String> names;
    final Topic<String, String> sums;
    private final Topic<String, String> byName;
    private final Store<String, Long> sum = Store.keyed("sum", Serdes.string(), Serdes.int64());
    private final String name;

    /** An application of its own, with topics of its own, so that stories can share a broker. */
    CountingApp(String name) {
        this.name = name;
        this.events = Topic.of(name + "-events", Serdes.string(), Serdes.string());
        this.names = Topic.of(name + "-names", Serdes.string(), Serdes.string());
        this.sums = Topic.of(name + "-sums", Serdes.string(), Serdes.string());
        this.byName = Topic.of(name + "-events-by-name", Serdes.string(), Serdes.string());
    }

    Topology topology() {
        return Topology.of(name, s -> {
            Table<String, String> table = s.table(names);
            s.from(events)
                    .rekey(event -> event.substring(0, event.indexOf(':')), via(byName))
                    .aggregate(sum, () -> 0L, (all, event) -> all
                    + Long.parseLong(event.substring(event.indexOf(':') + 1)))
                    .toStream()
                    .join(table, (all, found) -> found + "=" + all)
                    .to(sums);
        });
    }

    /** Arguments: name, bootstrap servers, state directory. Ends when killed. */
    public static void main(String[] args) throws InterruptedException {
        StreamsConfig config = StreamsConfig.of(args[1]).stateDir(Path.of(args[2])).threads(2);
        try (Running running = new CountingApp(args[0]).topology().start(config)) {
            running.await();
        }
    }
}
