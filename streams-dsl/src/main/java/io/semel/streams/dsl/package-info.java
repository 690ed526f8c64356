/**
 * The language: sources, streams, tables and the verbs between them; each verb adds a node to a graph and no
 * more. It processes nothing itself and holds no state once a topology is built; what types can check, does
 * not compile when wrong. Start reading in {@link io.semel.streams.dsl.Topology}; a whole program:
 *
 * <pre>{@code
 * import static io.semel.streams.dsl.Via.via;
 * import io.semel.streams.*;
 * import io.semel.streams.dsl.*;
 * import io.semel.streams.run.*;
 *
 * final class FlightDelays {
 *     static final Topic<String, Flight> FLIGHTS = Topic.of("flights", Serdes.string(), Flight.SERDE);
 *     static final Topic<String, Airport> AIRPORTS = Topic.of("airports", Serdes.string(), Airport.SERDE);
 *     static final Topic<String, Flight> BY_ORIGIN = Topic.of("by-origin", Serdes.string(), Flight.SERDE);
 *     static final Topic<String, Report> REPORTS = Topic.of("delays", Serdes.string(), Report.SERDE);
 *     static final Store<String, Delays> DELAYS = Store.keyed("delays", Serdes.string(), Delays.SERDE);
 *
 *     static Topology topology() {
 *         return Topology.of("flight-delays", s -> {
 *             Table<String, Airport> airports = s.table(AIRPORTS);       // read to its end before joins
 *             s.from(FLIGHTS)                                               // Keyed<String, Flight>
 *                 .filter((id, flight) -> flight.delay() != null)           // Keyed<String, Flight>
 *                 .rekey(Flight::origin, via(BY_ORIGIN))                 // Keyed by origin, through a topic
 *                 .aggregate(DELAYS, Delays::none, Delays::plus)            // Table<String, Delays>
 *                 .toStream()                                               // Keyed<String, Delays>
 *                 .leftJoin(airports, Report::of)                           // Keyed<String, Report>
 *                 .to(REPORTS);
 *         });
 *     }
 *
 *     public static void main(String[] args) throws Exception {
 *         StreamsConfig config = StreamsConfig.of("localhost:9092").threads(2).stateDir(Path.of("state"));
 *         try (Running run = topology().start(config)) {      // topics are checked, internal ones created
 *             run.onState((before, now, why) -> System.out.println(now));
 *             run.await();                                    // returns when closed, throws what stopped it
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>{@code FLIGHTS}, {@code AIRPORTS} and {@code REPORTS} must exist; {@code by-origin} and
 * {@code flight-delays-delays-changelog} are created when missing, the first with the partitions of {@code
 * airports} (it is joined with it), the second with those of {@code by-origin}.
 */
package io.semel.streams.dsl;
