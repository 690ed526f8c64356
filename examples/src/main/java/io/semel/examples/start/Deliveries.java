package io.semel.examples.start;

import static io.semel.streams.Within.within;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Keyed;
import io.semel.streams.dsl.Topology;
import java.time.Duration;
import java.util.List;

/**
 * Joins orders with deliveries within an hour, and tells those that were not delivered. Immutable, any
 * thread.
 */
public final class Deliveries implements Example {
    static final Topic<String, String> ORDERS = Topic.of("orders", Serdes.string(), Serdes.string());
    static final Topic<String, String> DELIVERIES = Topic.of("deliveries", Serdes.string(), Serdes.string());
    static final Topic<String, String> STATES = Topic.of("order-states", Serdes.string(), Serdes.string());
    static final Store<String, String> OPEN_ORDERS =
        Store.keyed("open-orders", Serdes.string(), Serdes.string());
    static final Store<String, String> NEW_DELIVERIES =
        Store.keyed("new-deliveries", Serdes.string(), Serdes.string());

    @Override
    public Topology topology() {
        return Topology.of("deliveries", s -> {
            Keyed<String, String> deliveries = s.from(DELIVERIES);
            s.from(ORDERS)
                .leftJoin(deliveries, within(Duration.ofHours(1)), OPEN_ORDERS, NEW_DELIVERIES,
                    (order, courier) -> order + (courier == null ? ": not delivered in an hour"
                        : ": delivered by " + courier))
                .to(STATES);
        });
    }

    @Override
    public String what() {
        return "joins orders with deliveries within an hour, and tells those without";
    }

    @Override
    public List<String> topics() {
        return List.of(ORDERS.name(), DELIVERIES.name(), STATES.name());
    }

    @Override
    public List<Sample> samples() {
        return List.of(Sample.at(0, ORDERS, "17", "pizza"), Sample.at(5, ORDERS, "18", "soup"),
            Sample.at(25, DELIVERIES, "17", "carl"), Sample.at(130, ORDERS, "19", "cake"),
            Sample.at(140, DELIVERIES, "19", "dora"));
    }

    @Override
    public Topic<?, ?> results() {
        return STATES;
    }

    @Override
    public int resultCount() {
        return 3;
    }
}
