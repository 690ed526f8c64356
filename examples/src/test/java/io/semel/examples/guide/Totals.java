package io.semel.examples.guide;

import static io.semel.streams.dsl.Dlq.dlq;
import static io.semel.streams.dsl.Retry.retry;
import static io.semel.streams.dsl.Via.via;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.json.Json;
import io.semel.streams.run.Running;
import io.semel.streams.run.StreamsConfig;
import java.nio.file.Path;

public class Totals {
    record Order(String user, long cents) { }

    static final Topic<String, Order> ORDERS = Topic.of("orders", Serdes.string(), Json.of(Order.class));
    static final Topic<String, Order> BY_USER =
            Topic.of("orders-by-user", Serdes.string(), Json.of(Order.class));
    static final Topic<String, Long> TOTALS = Topic.of("totals", Serdes.string(), Json.of(Long.class));
    static final Store<String, Long> TOTAL = Store.keyed("total", Serdes.string(), Json.of(Long.class));

    static Topology topology() {
        return Topology.of("billing", s -> s.from(ORDERS)
            .recover(retry(0), dlq("orders-dlq"))
            .filter((id, order) -> order.cents() > 0)
            .rekey(Order::user, via(BY_USER))
            .aggregate(TOTAL, () -> 0L, (total, order) -> total + order.cents())
            .to(TOTALS));
    }

    public static void main(String[] args) throws InterruptedException {
        StreamsConfig config = StreamsConfig.of("localhost:9092").stateDir(Path.of("state"));
        try (Running running = topology().start(config)) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            running.onState((before, now, why) -> System.out.println(now));
            running.await();
        }
    }
}
