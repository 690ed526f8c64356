package io.semel.examples.flights;

import static io.semel.streams.dsl.Via.via;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Table;
import io.semel.streams.dsl.Topology;

/**
 * The program: delay statistics of all flights per origin airport, under the airport's name, each flight
 * counted exactly once. The three topics must exist; {@link #BY_ORIGIN} and the store's changelog are
 * created when missing.
 */
public final class FlightDelays {

    /** Flights by the text of their line. */
    public static final Topic<String, Flight> FLIGHTS = Topic.of("flights", Serdes.string(), Flight.SERDE);
    /** Airports by code; compact. */
    public static final Topic<String, Airport> AIRPORTS =
        Topic.of("airports", Serdes.string(), Airport.SERDE);
    /**
     * The result by airport code: one record for each flight counted, the newest is the statistics so far.
     */
    public static final Topic<String, AirportDelays> DELAYS =
        Topic.of("delays-by-airport", Serdes.string(), AirportDelays.SERDE);

    static final Topic<String, Flight> BY_ORIGIN =
        Topic.of("flights-by-origin", Serdes.string(), Flight.SERDE);
    static final Store<String, DelayStats> STATS = Store.keyed("stats", Serdes.string(), DelayStats.SERDE);

    private FlightDelays() { }

    /** The topology; start it as often as there are instances. */
    public static Topology topology() {
        return Topology.of("flight-delays", sources -> {
            Table<String, Airport> airports = sources.table(AIRPORTS);
            sources.from(FLIGHTS)
                .rekey(Flight::origin, via(BY_ORIGIN))
                .aggregate(STATS, DelayStats::none, DelayStats::plus)
                .toStream()
                .leftJoin(airports, AirportDelays::of)
                .to(DELAYS);
        });
    }
}
