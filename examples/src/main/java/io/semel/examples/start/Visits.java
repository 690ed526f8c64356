package io.semel.examples.start;

import static io.semel.streams.SessionWindows.session;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.Windowed;
import io.semel.streams.dsl.Topology;
import java.time.Duration;
import java.util.List;

/** Cuts clicks into visits: session windows, told once when they are over. Immutable, any thread. */
public final class Visits implements Example {
    static final Topic<String, String> CLICKS = Topic.of("clicks", Serdes.string(), Serdes.string());
    static final Topic<Windowed<String>, Long> VISITS =
        Topic.of("visits", Serdes.sessions(Serdes.string()), Serdes.int64());
    static final Store<String, Long> VISIT = Store.keyed("visit", Serdes.string(), Serdes.int64());

    @Override
    public Topology topology() {
        return Topology.of("visits", s -> s.from(CLICKS)
            .windowed(session(Duration.ofMinutes(30)).grace(Duration.ofMinutes(5)))
            .emitFinal()
            .count(VISIT)
            .to(VISITS));
    }

    @Override
    public String what() {
        return "cuts clicks into visits, each told once when it is over";
    }

    @Override
    public List<String> topics() {
        return List.of(CLICKS.name(), VISITS.name());
    }

    @Override
    public List<Sample> samples() {
        return List.of(Sample.at(0, CLICKS, "ann", "/home"), Sample.at(4, CLICKS, "ann", "/shoes"),
            Sample.at(10, CLICKS, "bob", "/home"), Sample.at(9, CLICKS, "ann", "/cart"),
            Sample.at(70, CLICKS, "ann", "/home"), Sample.at(200, CLICKS, "bob", "/home"));
    }

    @Override
    public Topic<?, ?> results() {
        return VISITS;
    }

    @Override
    public int resultCount() {
        return 3;
    }
}
