package io.semel.examples.guide;

import static io.semel.examples.guide.Totals.BY_USER;
import static io.semel.examples.guide.Totals.ORDERS;
import static io.semel.streams.TimeWindows.tumbling;
import static io.semel.streams.Timers.Time.EVENT;
import static io.semel.streams.Within.within;
import static io.semel.streams.dsl.Via.via;

import io.semel.examples.guide.Totals.Order;
import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Timers;
import io.semel.streams.Topic;
import io.semel.streams.Windowed;
import io.semel.streams.dsl.Sources;
import io.semel.streams.json.Json;
import io.semel.streams.run.Health;
import io.semel.streams.run.Metrics;
import io.semel.streams.run.Running;
import java.time.Duration;
import java.util.function.Consumer;

/** The smaller snippets of the guide, each a topology. */
final class Snippets {
    static final Topic<String, Order> LARGE = Topic.of("large", Serdes.string(), Json.of(Order.class));
    static final Topic<String, Order> ODD = Topic.of("odd", Serdes.string(), Json.of(Order.class));
    static final Topic<String, Order> PLAIN = Topic.of("plain", Serdes.string(), Json.of(Order.class));
    static final Topic<String, String> PAYMENTS = Topic.of("payments", Serdes.string(), Serdes.string());
    static final Topic<String, String> STATES = Topic.of("states", Serdes.string(), Serdes.string());
    static final Topic<String, String> NUDGES = Topic.of("nudges", Serdes.string(), Serdes.string());
    static final Topic<Windowed<String>, Long> HOURLY =
        Topic.of("hourly", Serdes.windowed(Serdes.string(), Duration.ofHours(1)), Serdes.int64());
    static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
    static final Store<String, Long> PER_USER = Store.keyed("per-user", Serdes.string(), Serdes.int64());
    static final Store<String, Long> PER_HOUR = Store.keyed("per-hour", Serdes.string(), Serdes.int64());
    static final Store<String, Order> OPEN = Store.keyed("open", Serdes.string(), Json.of(Order.class));
    static final Store<String, String> PAID = Store.keyed("paid", Serdes.string(), Serdes.string());
    static final Store<String, Long> LAST_ORDER = Store.keyed("last-order", Serdes.string(), Serdes.int64());
    static final Timers<String> REMINDERS = Timers.of("reminders", Serdes.string());

    private Snippets() { }

    static void split(Sources s) {
        s.from(ORDERS).split(branches -> branches
            .branch((id, order) -> order.cents() > 100_000, large -> large.to(LARGE))
            .branch((id, order) -> order.cents() <= 0, odd -> odd.to(ODD))
            .otherwise(others -> others.to(PLAIN)));
    }

    static void latest(Sources s) {
        s.from(ORDERS)
            .rekey(Order::user, via(BY_USER))
            .count(PER_USER)
            .latest()
            .to(COUNTS);
    }

    static void windows(Sources s) {
        s.from(ORDERS)
            .rekey(Order::user, via(BY_USER))
            .windowed(tumbling(Duration.ofHours(1)).grace(Duration.ofMinutes(5)))
            .emitFinal()
            .count(PER_HOUR)
            .to(HOURLY);
    }

    static void join(Sources s) {
        s.from(ORDERS)
            .leftJoin(s.from(PAYMENTS), within(Duration.ofMinutes(30)).grace(Duration.ofMinutes(5)), OPEN,
                    PAID,
                (order, payment) -> payment == null ? "unpaid" : "paid")
            .to(STATES);
    }

    static void timers(Sources s) {
        s.from(ORDERS).rekey(Order::user, via(BY_USER))
            .<String, Long, String>process(REMINDERS, LAST_ORDER, (event, last, timers, out) -> {
                last.put(event.key(), event.timestampMs());
                timers.set(EVENT, event.timestampMs() + Duration.ofDays(30).toMillis());
            }, (due, last, timers, out) -> {
                if (last.get(due.key()) + Duration.ofDays(30).toMillis() <= due.timeMs()) {
                    out.emit("no order for 30 days");
                }
            })
            .to(NUDGES);
    }

    static void watch(Running running, Consumer<String> out) {
        new Watch(out).watch(running);
    }

    /** What a program may ask of what it runs. */
    private record Watch(Consumer<String> out) {
        void watch(Running running) {
            Metrics metrics = running.metrics();
            for (Metrics.StepMetrics step : metrics.steps()) {
                print(step.name() + ": " + step.recordsIn() + " in, " + step.recordsOut() + " out");
            }
            print(metrics.commits().p99Us() + " us for 99 of 100 commits");

            Health health = running.health();
            if (health.stuck()) {
                print(health.cause());
            }

            print(running.toMermaid(running.metrics(Duration.ofSeconds(2))));
        }

        private void print(String line) {
            out.accept(line);
        }
    }
}
