package io.semel.it.kit.work;

import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads along from the beginning and looks at ends, under both isolations. Used by one thread. */
final class Watch implements Session {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final List<TopicPartition> partitions;
    private final List<Consumer<String, String>> readers;
    private final List<Consumer<String, String>> lookers;

    private Watch(List<TopicPartition> partitions, List<Consumer<String, String>> readers,
            List<Consumer<String, String>> lookers) {
        this.partitions = partitions;
        this.readers = readers;
        this.lookers = lookers;
        for (Consumer<String, String> reader : readers) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
        }
    }

    static Watch open(Desk desk, Recorder recorder, int life, List<TopicPartition> partitions) {
        Tape ends = recorder.process("watch-ends-" + life);
        return new Watch(partitions,
                List.of(desk.consumer(recorder.process("watch-committed-" + life), null, true),
                        desk.consumer(recorder.process("watch-uncommitted-" + life), null, false)),
                List.of(desk.consumer(ends, null, true), desk.consumer(ends, null, false)));
    }

    @Override
    public void step() {
        readers.forEach(reader -> reader.poll(PAUSE));
        lookers.forEach(looker -> looker.endOffsets(partitions));
    }

    @Override
    public void abandon() {
        readers.forEach(Closing::drop);
        lookers.forEach(Closing::drop);
    }
}
