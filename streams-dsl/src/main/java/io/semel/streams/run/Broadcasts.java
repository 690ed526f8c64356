package io.semel.streams.run;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import io.semel.streams.task.StoreBase;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import io.semel.streams.topology.StoreSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;

/**
 * The broadcast tables of a host: all partitions of their topics, read committed, into one base by topic that
 * every task looks into. No task processes before they have been read to the end they had; from then on they
 * follow. What a join finds there is not part of a transaction: a record processed again after a crash may
 * find a newer value. Owned by the host's thread.
 */
final class Broadcasts {
    private static final Duration BRIEF = Duration.ofMillis(20);

    private final Clients clients;
    private final String clientId;
    private final Map<String, MemoryBase> bases = new TreeMap<>();
    private final List<TopicPartition> partitions = new ArrayList<>();
    private Consumer<byte[], byte[]> reader;
    private Map<TopicPartition, Long> ends;
    private boolean filled;

    Broadcasts(Graph graph, PartitionPlan plan, Clients clients, String clientId) {
        this.clients = clients;
        this.clientId = clientId;
        for (String topic : graph.broadcastTopics()) {
            bases.put(topic, new MemoryBase());
            for (int partition = 0; partition < plan.count(topic); partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        }
    }

    StoreBase base(StoreSpec spec) {
        return bases.get(spec.tableTopic().orElseThrow());
    }

    /** Reads on; whether they have been read to the end they had at first. */
    boolean turn() {
        if (partitions.isEmpty()) {
            return true;
        }
        if (reader == null) {
            reader = clients.reader(clientId + "-broadcast");
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
        }
        if (ends == null) {
            ends = clients.topics().stableEnds(partitions);
        }
        try {
            take(reader.poll(filled ? Duration.ZERO : BRIEF));
        } catch (InvalidOffsetException gone) {
            reader.seekToBeginning(gone.partitions());
        }
        filled = filled || partitions.stream().allMatch(one -> reader.position(one) >= ends.get(one));
        return filled;
    }

    private void take(ConsumerRecords<byte[], byte[]> polled) {
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (record.key() != null) {
                TreeMap<byte[], StampedBytes> change = new TreeMap<>(MemoryBase.KEY_ORDER);
                change.put(record.key(), new StampedBytes(record.value(), record.timestamp()));
                MemoryBase base = bases.get(record.topic());
                base.apply(change, base.position() + 1);
            }
        }
    }

    void close() {
        if (reader != null) {
            reader.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }
}
