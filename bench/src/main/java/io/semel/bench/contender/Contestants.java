package io.semel.bench.contender;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who takes part, started when first asked for and stopped together. Used by one thread.
 */
public final class Contestants implements AutoCloseable {
    public static final String FORCE = "semel force", OS = "semel os", KAFKA = "kafka default",
            TUNED = "kafka tuned", FLUSHED = "kafka flushed";

    private final Map<String, Supplier<Contender>> known = new LinkedHashMap<>();
    private final Map<String, Contender> started = new LinkedHashMap<>();

    /**
     * @param withKafka whether names of Apache Kafka's are known, too
     * @param given     bootstrap servers of one that runs already and takes part in everything; null: none
     */
    public Contestants(Path directory, boolean withKafka, String given) {
        if (given != null) known.put(GivenContender.NAME, () -> new GivenContender(given));
        known.put(FORCE, () -> SemelContender.start(directory.resolve("semel-force"), "force"));
        known.put(OS, () -> SemelContender.start(directory.resolve("semel-os"), "os"));
        if (!withKafka) return;
        known.put(KAFKA, () -> KafkaContender.start(KAFKA, directory.resolve("kafka"), Map.of()));
        known.put(TUNED, () -> KafkaContender.start(TUNED, directory.resolve("kafka-tuned"),
                KafkaContender.TUNED));
        known.put(FLUSHED, () -> KafkaContender.start(FLUSHED, directory.resolve("kafka-flushed"),
                KafkaContender.FLUSHED));
    }

    /** Those of {@code names} that take part in this run, in that order, all of them serving. */
    public List<Contender> all(List<String> names) {
        List<Contender> all = new ArrayList<>();
        List<String> asked = new ArrayList<>(names);
        asked.add(GivenContender.NAME);
        for (String name : asked) {
            if (!known.containsKey(name)) continue;
            all.add(started.computeIfAbsent(name, first -> {
                System.out.println("starting " + first + " ...");
                return known.get(first).get();
            }));
        }
        return all;
    }

    @Override
    public void close() {
        started.values().forEach(Contender::close);
        started.clear();
    }
}
