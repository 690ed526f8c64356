package io.semel.examples.start;

import static io.semel.streams.dsl.Via.via;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import java.util.List;
import java.util.Locale;

/** Counts words: flatMapValues, rekey, count. Immutable, any thread. */
public final class WordCount implements Example {
    static final Topic<String, String> LINES = Topic.of("lines", Serdes.string(), Serdes.string());
    static final Topic<String, String> WORDS = Topic.of("words", Serdes.string(), Serdes.string());
    static final Topic<String, Long> COUNTS = Topic.of("word-counts", Serdes.string(), Serdes.int64());
    static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    @Override
    public Topology topology() {
        return Topology.of("word-count", s -> s.from(LINES)
            .flatMapValues(line -> List.of(line.toLowerCase(Locale.ROOT).split("\\W+")))
            .rekey(word -> word, via(WORDS))
            .count(COUNT)
            .to(COUNTS));
    }

    @Override
    public String what() {
        return "counts the words of some lines, exactly once";
    }

    @Override
    public List<String> topics() {
        return List.of(LINES.name(), COUNTS.name());
    }

    @Override
    public List<Sample> samples() {
        return List.of(Sample.at(0, LINES, "1", "all streams lead to semel"),
            Sample.at(1, LINES, "2", "hello semel streams"),
            Sample.at(2, LINES, "3", "join semel summit"));
    }

    @Override
    public Topic<?, ?> results() {
        return COUNTS;
    }

    @Override
    public int resultCount() {
        return 11;
    }
}
