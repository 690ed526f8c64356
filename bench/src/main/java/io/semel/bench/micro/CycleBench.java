package io.semel.bench.micro;

import io.semel.streams.Serdes;
import io.semel.streams.Store;
import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.TaskBatch;
import io.semel.streams.task.TaskCycle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A turn of the DSL that counts records of so many keys, and lets the batch sink into its base store. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CycleBench {
    private static final int AT_A_TURN = 1_000;
    private static final Topic<String, String> WORDS = Topic.of("words", Serdes.string(), Serdes.string());
    private static final Topic<String, Long> COUNTS = Topic.of("counts", Serdes.string(), Serdes.int64());
    private static final Store<String, Long> COUNT = Store.keyed("count", Serdes.string(), Serdes.int64());

    @Param({"100", "100000"})
    public int keys;

    private TaskCycle cycle;
    private List<List<ConsumerRecord<byte[], byte[]>>> input;
    private long position;

    @Setup
    public void prepare() {
        cycle = new TaskCycle("app", Topology.of("app", s -> s.from(WORDS).count(COUNT).to(COUNTS)).graph()
                .subTopologies().get(0), 0, spec -> new MemoryBase());
        SplittableRandom random = new SplittableRandom(1);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int index = 0; index < AT_A_TURN; index++) {
            byte[] key = ("key" + random.nextInt(keys)).getBytes(StandardCharsets.UTF_8);
            records.add(new ConsumerRecord<>("words", 0, index, 1_000, TimestampType.CREATE_TIME, key.length,
                    1, key, new byte[] {'x'}, new RecordHeaders(), Optional.empty()));
        }
        input = List.of(records);
    }

    @Benchmark
    @OperationsPerInvocation(AT_A_TURN)
    public TaskBatch count() {
        cycle.turn(input, 1_000);
        TaskBatch batch = cycle.seal();
        position += AT_A_TURN;
        cycle.apply(batch, Map.of("count", position));
        return batch;
    }
}
