package io.semel.bench.streams;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Table;
import io.semel.streams.dsl.Topology;
import io.semel.streams.dsl.Via;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/** What is run, said in the words of both libraries: from text by key to counts by key. */
enum Program {
    /** The records of every key are counted: one stateful step. */
    COUNT("keyed count"),
    /** The words of every line are counted: a stateless step, a repartition topic, a stateful step. */
    WORDS("word count");

    private static final String STORE = "counts";
    private final String title;

    Program(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** @param latest whether the table tells only the newest change of a transaction */
    Topology ours(App.Spec spec, boolean latest) {
        Topic<String, String> in = Topic.of(spec.in(), Serdes.string(), Serdes.string());
        Topic<String, Long> out = Topic.of(spec.out(), Serdes.string(), Serdes.int64());
        Topic<String, String> hop = Topic.of(spec.hop(), Serdes.string(), Serdes.string());
        Store<String, Long> counts = Store.keyed(STORE, Serdes.string(), Serdes.int64());
        return Topology.of(spec.name(), sources -> {
            var stream = sources.from(in);
            Table<String, Long> table = switch (this) {
                case COUNT -> stream.count(counts);
                case WORDS -> stream.flatMapValues(line -> Arrays.asList(line.split(" ")))
                        .rekey(word -> word, Via.via(hop)).count(counts);
            };
            (latest ? table.latest() : table).to(out);
        });
    }

    StreamsBuilder theirs(App.Spec spec) {
        StreamsBuilder builder = new StreamsBuilder();
        var strings = org.apache.kafka.common.serialization.Serdes.String();
        var longs = org.apache.kafka.common.serialization.Serdes.Long();
        var counts = Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as(STORE)
                .withKeySerde(strings).withValueSerde(longs);
        var stream = builder.stream(spec.in(), Consumed.with(strings, strings));
        KTable<String, Long> table = switch (this) {
            case COUNT -> stream.groupByKey(Grouped.with(strings, strings)).count(counts);
            case WORDS -> stream.flatMapValues(line -> Arrays.asList(line.split(" ")))
                    .groupBy((key, word) -> word, Grouped.with("hop", strings, strings)).count(counts);
        };
        table.toStream().to(spec.out(), Produced.with(strings, longs));
        return builder;
    }
}
