package io.semel.examples.start;

import io.semel.examples.flights.AirportsFile;
import io.semel.examples.flights.FlightDelays;
import io.semel.examples.flights.FlightsFile;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The delays of the first flights of the demo's file, per airport. Immutable, any thread. */
public final class Flights implements Example {
    private static final int FLIGHTS = 300;
    private final Path data;

    Flights(Path data) {
        this.data = data;
    }

    @Override
    public Topology topology() {
        return FlightDelays.topology();
    }

    @Override
    public String what() {
        return "delay statistics per airport of the demo's first flights, joined with a table";
    }

    @Override
    public List<String> topics() {
        return List.of(FlightDelays.FLIGHTS.name(), FlightDelays.AIRPORTS.name(), FlightDelays.DELAYS.name());
    }

    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        new AirportsFile(data.resolve("airports.csv")).read()
            .forEach((code, airport) -> samples.add(Sample.at(0, FlightDelays.AIRPORTS, code, airport)));
        int airports = samples.size();
        new FlightsFile(data.resolve("flights-20k.csv.gz")).forEach(flight -> {
            if (samples.size() < airports + FLIGHTS) {
                samples.add(Sample.at(1, FlightDelays.FLIGHTS, Long.toString(flight.line()), flight));
            }
        });
        return samples;
    }

    @Override
    public Topic<?, ?> results() {
        return FlightDelays.DELAYS;
    }

    @Override
    public int resultCount() {
        return FLIGHTS;
    }

    @Override
    public String next() {
        return "the whole file, with processes that are killed: ./semel demo";
    }
}
