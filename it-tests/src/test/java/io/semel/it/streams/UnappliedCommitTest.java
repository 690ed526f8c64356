package io.semel.it.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.engine.RunningEngine;
import io.semel.it.kit.faults.Fault;
import io.semel.it.kit.faults.Faults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A topology dies between the commit of a transaction, which the broker has applied, and the answer that lets
 * its stores take what was committed; alone, with a broker that is killed, or with one whose power is cut.
 */
class UnappliedCommitTest {
    private static final int NAMES = 5;
    private static final int EVENTS = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What happens to the broker meanwhile. */
    enum Broker {
        LIVES {
            @Override
            void meets(RunningEngine engine) {
            }
        },
        KILLED {
            @Override
            void meets(RunningEngine engine) {
                engine.crash();
                engine.restart();
            }
        },
        POWER_CUT {
            @Override
            void meets(RunningEngine engine) {
                engine.cutPower();
                engine.restart();
            }
        };

        abstract void meets(RunningEngine engine);
    }

    @TempDir
    Path directory;
    private final CountingApp counting = new CountingApp("unapplied");

    /** All under soak, one in every build. */
    static Stream<Arguments> deaths() {
        Stream<Arguments> all = Stream.of(Arguments.of(2, Broker.POWER_CUT), Arguments.of(1, Broker.LIVES),
                Arguments.of(2, Broker.LIVES), Arguments.of(2, Broker.KILLED));
        return all.limit(Integer.getInteger("semel.scale", 1) > 1 ? 4 : 1);
    }

    /** @param commit the how manieth EndTxn of a client of the application is the one that is not answered */
    @ParameterizedTest
    @MethodSource("deaths")
    void countsWhatWasCommittedOnce(int commit, Broker broker) throws Exception {
        try (RunningEngine engine = RunningEngine.start();
                Faults faults = Faults.before(engine.bootstrap())) {
            counting.prepare(engine.bootstrap(), NAMES);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", engine.bootstrap()), new StringSerializer(),
                    new StringSerializer())) {
                Fault unanswered = faults.on(ApiKeys.END_TXN).onCall(commit).afterAppend().silence();
                Process app = counting.launch(faults.bootstrap(), directory, "-XX:TieredStopAtLevel=1");
                try {
                    dies(app, producer, unanswered);
                    broker.meets(engine);
                    faults.startAfresh();
                    app = counting.launch(faults.bootstrap(), directory, "-XX:TieredStopAtLevel=1");
                    readsEachSumOnce(engine.bootstrap());
                } finally {
                    app.destroyForcibly().waitFor();
                }
            }
            engine.assertNoOpenTransactions();
        }
    }

    /** All events go in; a commit is applied and not answered, and the application is dead. */
    private void dies(Process app, KafkaProducer<String, String> producer, Fault unanswered)
            throws Exception {
        for (int event = 0; event < EVENTS; event++) {
            producer.send(new ProducerRecord<>(counting.events.name(), "event " + event,
                    "k" + event % NAMES + ":1")).get();
        }
        unanswered.awaitStrikes(1, PATIENCE);
        assertTrue(app.isAlive());
        app.destroyForcibly().waitFor();
    }

    /** Of each name every sum from 1 on, in order, and none twice. */
    private void readsEachSumOnce(String bootstrap) {
        Map<String, List<String>> seen = new TreeMap<>();
        int[] count = new int[1];
        try (KafkaConsumer<String, String> reader = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap,
                "isolation.level", "read_committed"), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> outputs = List.of(new TopicPartition(counting.sums.name(), 0),
                    new TopicPartition(counting.sums.name(), 1));
            reader.assign(outputs);
            reader.seekToBeginning(outputs);
            Awaitility.await().atMost(PATIENCE).until(() -> {
                for (ConsumerRecord<String, String> one : reader.poll(Duration.ofMillis(300))) {
                    seen.computeIfAbsent(one.key(), key -> new ArrayList<>()).add(one.value());
                    count[0]++;
                }
                return count[0] >= EVENTS;
            });
        }
        List<String> sums = IntStream.rangeClosed(1, EVENTS / NAMES).mapToObj(sum -> "name=" + sum).toList();
        for (int name = 0; name < NAMES; name++) assertEquals(sums, seen.get("k" + name));
    }
}
