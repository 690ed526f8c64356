package io.semel.it.tools;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * The suite that clients of every version pass (FAULTS C.4 10): producing, idempotence, transactions,
 * consuming, administration, a case for each promise. One thread.
 */
final class ThirtyCases extends Play {
    private static final int COUNT = 60;

    private ThirtyCases(String bootstrap, String name, Admin admin) {
        super(bootstrap, name, admin);
    }

    /** Arguments: address, a name of its own, the version that is to be tried. */
    public static void main(String[] arguments) {
        same(arguments[2], AppInfoParser.getVersion());
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", arguments[0]))) {
            new ThirtyCases(arguments[0], arguments[1], admin).playAll();
        }
        System.out.println("THROUGH");
    }

    private void playAll() {
        play("01-acks-0", topic -> acknowledged(topic, "0"));
        play("02-acks-1", topic -> acknowledged(topic, "1"));
        play("03-acks-all", topic -> acknowledged(topic, "all"));
        play("04-codecs", this::everyCodec);
        play("05-headers", this::headers);
        play("06-nulls", this::nulls);
        play("07-timestamps", this::timestamps);
        play("08-keys", this::keysChooseThePartition);
        play("09-idempotent", this::idempotentInOrder);
        play("10-too-large", this::tooLargeIsRefused);
        play("11-commit", this::commitOverPartitions);
        play("12-abort", this::abortHides);
        play("13-empty", this::emptyTransactions);
        play("14-offsets", this::offsetsMoveWithTheTransaction);
        play("15-fencing", this::aReplacedProducerIsFenced);
        play("16-time-out", this::theCoordinatorAbortsWhoTakesTooLong);
        play("17-open", this::committedReadersStopBeforeAnOpenOne);
        play("18-assign", this::assignedFromWhereItIsTold);
        play("19-subscribe", topic -> shared(topic, "range"));
        play("20-cooperative", topic -> shared(topic, "cooperative-sticky"));
        play("21-seek", this::seeks);
        play("22-pause", this::pausesAndResumes);
        play("23-wakeup", this::wakesUp);
        play("24-commit-sync", this::goesOnFromWhatItCommitted);
        play("25-commit-async", this::commitsAsynchronously);
        play("26-by-time", this::offsetsByTime);
        play("27-topics", this::topics);
        play("28-configs", this::configs);
        play("29-groups", this::groupsAndTheirOffsets);
        play("30-delete-records", this::recordsAreDeleted);
    }

    private void acknowledged(String topic, String acks) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = producer("acks", acks, "enable.idempotence", "false",
                "max.in.flight.requests.per.connection", "1")) {
            for (int number = 0; number < COUNT; number++) {
                Future<RecordMetadata> sent = producer.send(record(topic, "value " + number));
                if (number == COUNT - 1) same(!acks.equals("0"), sent.get().hasOffset());
            }
        }
        await("all arrive", () -> end(topic, UNCOMMITTED) == COUNT);
        same(numbered("value ", COUNT), values(topic, COMMITTED));
    }

    private void everyCodec(String topic) throws Exception {
        create(topic, 1, Map.of());
        List<String> sent = new ArrayList<>();
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            try (KafkaProducer<String, String> producer = producer("compression.type", codec, "linger.ms",
                    "20")) {
                for (int number = 0; number < COUNT; number++) {
                    sent.add(codec + " " + number);
                    producer.send(record(topic, codec + " " + number));
                }
            }
        }
        same(sent, values(topic, COMMITTED));
    }

    private void headers(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = producer()) {
            ProducerRecord<String, String> one = record(topic, "with headers");
            one.headers().add("a", "1".getBytes(StandardCharsets.UTF_8)).add("b", null)
                    .add("a", new byte[0]);
            producer.send(one).get();
        }
        List<String> found = new ArrayList<>();
        for (Header header : records(new TopicPartition(topic, 0), COMMITTED, 0).get(0).headers()) {
            found.add(header.key() + "=" + (header.value() == null ? "null"
                    : new String(header.value(), StandardCharsets.UTF_8)));
        }
        same(List.of("a=1", "b=null", "a="), found);
    }

    private void nulls(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, 0, null, null));
            producer.send(new ProducerRecord<>(topic, 0, "key", null));
            producer.send(new ProducerRecord<>(topic, 0, null, ""));
            producer.send(new ProducerRecord<>(topic, 0, "", "value"));
        }
        List<String> found = new ArrayList<>();
        for (ConsumerRecord<String, String> one : records(new TopicPartition(topic, 0), COMMITTED, 0)) {
            found.add(one.key() + ":" + one.value());
        }
        same(List.of("null:null", "key:null", "null:", ":value"), found);
    }

    private void timestamps(String topic) throws Exception {
        create(topic, 1, Map.of());
        long nowMs = System.currentTimeMillis();
        try (KafkaProducer<String, String> producer = producer()) {
            for (long ms : new long[] {nowMs - 5_000, nowMs - 7_000, nowMs}) {
                same(ms, producer.send(new ProducerRecord<>(topic, 0, ms, null, "value")).get().timestamp());
            }
        }
        List<Long> found = new ArrayList<>();
        records(new TopicPartition(topic, 0), COMMITTED, 0).forEach(one -> found.add(one.timestamp()));
        same(List.of(nowMs - 5_000, nowMs - 7_000, nowMs), found);
    }

    private void keysChooseThePartition(String topic) throws Exception {
        create(topic, 3, Map.of());
        Set<Integer> used = new TreeSet<>();
        try (KafkaProducer<String, String> producer = producer()) {
            for (int number = 0; number < COUNT; number++) {
                int first = producer.send(new ProducerRecord<>(topic, "k" + number, "one")).get().partition();
                used.add(first);
                same(first, producer.send(new ProducerRecord<>(topic, "k" + number, "two")).get()
                        .partition());
            }
        }
        same(Set.of(0, 1, 2), used);
    }

    private void idempotentInOrder(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = producer("enable.idempotence", "true", "acks", "all",
                "batch.size", "1")) {
            for (int number = 0; number < COUNT; number++) producer.send(record(topic, "value " + number));
        }
        same(numbered("value ", COUNT), values(topic, COMMITTED));
    }

    private void tooLargeIsRefused(String topic) throws Exception {
        create(topic, 1, Map.of("max.message.bytes", "1000"));
        try (KafkaProducer<String, String> producer = producer()) {
            refused(List.of("RecordTooLargeException"),
                    () -> producer.send(record(topic, "x".repeat(2_000))).get());
            producer.send(record(topic, "taken")).get();
        }
        same(List.of("taken"), values(topic, COMMITTED));
    }

    private void commitOverPartitions(String topic) throws Exception {
        create(topic, 3, Map.of());
        try (KafkaProducer<String, String> producer = transactional(topic)) {
            producer.beginTransaction();
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>(topic, partition, null, "in " + partition));
            }
            producer.commitTransaction();
        }
        for (int partition = 0; partition < 3; partition++) {
            same(List.of("in " + partition), values(new TopicPartition(topic, partition), COMMITTED, 0));
        }
    }

    private void abortHides(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = transactional(topic)) {
            producer.beginTransaction();
            producer.send(record(topic, "aborted")).get();
            producer.abortTransaction();
            commit(producer, record(topic, "committed"));
        }
        same(List.of("committed"), values(topic, COMMITTED));
        same(List.of("aborted", "committed"), values(topic, UNCOMMITTED));
    }

    private void emptyTransactions(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> producer = transactional(topic)) {
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.abortTransaction();
            commit(producer, record(topic, "after"));
        }
        same(List.of("after"), values(topic, COMMITTED));
    }

    private void offsetsMoveWithTheTransaction(String topic) throws Exception {
        create(topic, 1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> producer = transactional(topic);
                KafkaConsumer<String, String> consumer = consumer(COMMITTED, "group.id", topic)) {
            for (int offset = 1; offset <= 2; offset++) {
                producer.beginTransaction();
                producer.send(record(topic, "output " + offset));
                producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(offset, "kept")),
                        consumer.groupMetadata());
                if (offset == 1) producer.commitTransaction();
                else producer.abortTransaction();
                OffsetAndMetadata found = consumer.committed(Set.of(partition), PATIENCE).get(partition);
                same("1 kept", found.offset() + " " + found.metadata());
            }
        }
        same(List.of("output 1"), values(topic, COMMITTED));
    }

    private void aReplacedProducerIsFenced(String topic) throws Exception {
        create(topic, 1, Map.of());
        KafkaProducer<String, String> old = transactional(topic);
        old.beginTransaction();
        old.send(record(topic, "old")).get();
        try (KafkaProducer<String, String> heir = transactional(topic)) {
            refused(FENCED, old::commitTransaction);
            commit(heir, record(topic, "heir"));
        }
        old.close(Duration.ZERO);
        same(List.of("heir"), values(topic, COMMITTED));
    }

    private void theCoordinatorAbortsWhoTakesTooLong(String topic) throws Exception {
        create(topic, 1, Map.of());
        KafkaProducer<String, String> slow = transactional(topic, "transaction.timeout.ms", "500");
        slow.beginTransaction();
        slow.send(record(topic, "too late")).get();
        await("it is aborted", () -> end(topic, COMMITTED) == 2);
        refused(FENCED, slow::commitTransaction);
        slow.close(Duration.ZERO);
        same(List.of(), values(topic, COMMITTED));
    }

    private void committedReadersStopBeforeAnOpenOne(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaProducer<String, String> open = transactional(topic);
                KafkaProducer<String, String> plain = producer()) {
            plain.send(record(topic, "before")).get();
            open.beginTransaction();
            open.send(record(topic, "open")).get();
            plain.send(record(topic, "behind")).get();
            same(List.of("before"), values(topic, COMMITTED));
            same(List.of("before", "open", "behind"), values(topic, UNCOMMITTED));
            open.commitTransaction();
        }
        await("it is decided", () -> end(topic, COMMITTED) == 4);
        same(List.of("before", "open", "behind"), values(topic, COMMITTED));
    }

    private void assignedFromWhereItIsTold(String topic) throws Exception {
        fill(topic, 1, COUNT);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED)) {
            consumer.assign(List.of(partition));
            same(0L, consumer.position(partition));
            same((long) COUNT, consumer.endOffsets(List.of(partition)).get(partition));
            same(0L, consumer.beginningOffsets(List.of(partition)).get(partition));
        }
        same(numbered("value ", COUNT).subList(COUNT - 3, COUNT), values(partition, COMMITTED, COUNT - 3));
    }

    private void shared(String topic, String assignor) throws Exception {
        fill(topic, 4, COUNT);
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> stays = member(topic, assignor)) {
            try (KafkaConsumer<String, String> leaves = member(topic, assignor)) {
                await("two share", () -> {
                    take(stays, seen);
                    take(leaves, seen);
                    return stays.assignment().size() == 2 && leaves.assignment().size() == 2;
                });
            }
            await("the other takes over", () -> {
                take(stays, seen);
                return stays.assignment().size() == 4 && Set.copyOf(seen).size() == COUNT;
            });
        }
        same(new TreeSet<>(numbered("value ", COUNT)), new TreeSet<>(seen));
    }

    private KafkaConsumer<String, String> member(String topic, String assignor) {
        String type = assignor.equals("range") ? "RangeAssignor" : "CooperativeStickyAssignor";
        KafkaConsumer<String, String> member = consumer(COMMITTED, "group.id", topic,
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer." + type,
                "heartbeat.interval.ms", "200");
        member.subscribe(List.of(topic));
        return member;
    }

    /** In the middle of a rebalance the next poll comes first. */
    private static void take(KafkaConsumer<String, String> member, List<String> seen) {
        member.poll(Duration.ofMillis(100)).forEach(one -> seen.add(one.value()));
        try {
            member.commitSync();
        } catch (RebalanceInProgressException later) {
            // what is not committed may be seen once more by its next owner
        }
    }

    private void seeks(String topic) throws Exception {
        fill(topic, 1, COUNT);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED)) {
            consumer.assign(List.of(partition));
            consumer.seekToEnd(List.of(partition));
            same((long) COUNT, consumer.position(partition));
            consumer.seekToBeginning(List.of(partition));
            same(0L, consumer.position(partition));
            consumer.seek(partition, 17);
            same("value 17", next(consumer));
        }
    }

    private void pausesAndResumes(String topic) throws Exception {
        fill(topic, 2, COUNT);
        List<TopicPartition> both = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED)) {
            consumer.assign(both);
            consumer.pause(both.subList(0, 1));
            await("one is read", () -> drain(consumer, found) == COUNT / 2);
            same(true, found.stream().allMatch(one -> one.partition() == 1));
            consumer.resume(both);
            await("both are read", () -> drain(consumer, found) == COUNT);
        }
    }

    private void wakesUp(String topic) throws Exception {
        create(topic, 1, Map.of());
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            consumer.poll(Duration.ofMillis(100));
            consumer.wakeup();
            refused(List.of("WakeupException"), () -> consumer.poll(PATIENCE));
            try (KafkaProducer<String, String> producer = producer()) {
                producer.send(record(topic, "afterwards")).get();
            }
            same("afterwards", next(consumer));
        }
    }

    private void goesOnFromWhatItCommitted(String topic) throws Exception {
        fill(topic, 1, COUNT);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED, "group.id", topic)) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(COUNT / 2)));
        }
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED, "group.id", topic)) {
            consumer.subscribe(List.of(topic));
            same("value " + COUNT / 2, next(consumer));
        }
    }

    private void commitsAsynchronously(String topic) throws Exception {
        fill(topic, 1, COUNT);
        TopicPartition partition = new TopicPartition(topic, 0);
        List<Object> told = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED, "group.id", topic)) {
            consumer.assign(List.of(partition));
            consumer.commitAsync(Map.of(partition, new OffsetAndMetadata(9, "said")), (offsets, failure) ->
                    told.add(failure == null ? offsets.get(partition).offset() : failure));
            await("it is told", () -> {
                consumer.poll(Duration.ofMillis(50));
                return !told.isEmpty();
            });
            same(List.<Object>of(9L), told);
            same("said", consumer.committed(Set.of(partition), PATIENCE).get(partition).metadata());
        }
    }

    private void offsetsByTime(String topic) throws Exception {
        create(topic, 1, Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        long firstMs = System.currentTimeMillis() - 100_000;
        try (KafkaProducer<String, String> producer = producer()) {
            for (int number = 0; number < COUNT; number++) {
                producer.send(new ProducerRecord<>(topic, 0, firstMs + 1_000L * number, null, "value"));
            }
        }
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED)) {
            same(31L, consumer.offsetsForTimes(Map.of(partition, firstMs + 30_500)).get(partition).offset());
            same(null, consumer.offsetsForTimes(Map.of(partition, firstMs + 1_000_000)).get(partition));
        }
        same(31L, admin.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(firstMs + 30_500))).all().get()
                .get(partition).offset());
    }

    private void topics(String topic) throws Exception {
        create(topic, 1, Map.of());
        same(true, admin.listTopics().names().get().contains(topic));
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
        try (KafkaConsumer<String, String> consumer = consumer(COMMITTED)) {
            await("it has grown", () -> consumer.partitionsFor(topic).size() == 3);
        }
        admin.deleteTopics(List.of(topic)).all().get();
        same(false, admin.listTopics().names().get().contains(topic));
    }

    private void configs(String topic) throws Exception {
        create(topic, 1, Map.of("retention.ms", "86400000"));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        await("it is told", () -> "86400000".equals(config(resource)));
        Collection<AlterConfigOp> change = List.of(new AlterConfigOp(new ConfigEntry("retention.ms",
                "3600000"), AlterConfigOp.OpType.SET));
        admin.incrementalAlterConfigs(Map.of(resource, change)).all().get();
        await("it is set", () -> "3600000".equals(config(resource)));
    }

    /** Null while the topic is not known everywhere: a controller may answer before its brokers know it. */
    private String config(ConfigResource resource) {
        try {
            return admin.describeConfigs(List.of(resource)).all().get().get(resource).get("retention.ms")
                    .value();
        } catch (ExecutionException | InterruptedException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) return null;
            throw new IllegalStateException(failure);
        }
    }

    /** As programs have it that were written for older versions. */
    @SuppressWarnings({"deprecation", "removal"})
    private void groupsAndTheirOffsets(String topic) throws Exception {
        fill(topic, 1, COUNT);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = member(topic, "range")) {
            next(consumer);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(5)));
            same(1, admin.describeConsumerGroups(List.of(topic)).all().get().get(topic).members().size());
        }
        same(5L, offset(topic, partition));
        admin.alterConsumerGroupOffsets(topic, Map.of(partition, new OffsetAndMetadata(12))).all().get();
        same(12L, offset(topic, partition));
        same(true, admin.listConsumerGroups().all().get().stream().anyMatch(one ->
                one.groupId().equals(topic)));
        admin.deleteConsumerGroups(List.of(topic)).all().get();
        same(true, admin.listConsumerGroups().all().get().stream().noneMatch(one ->
                one.groupId().equals(topic)));
    }

    private long offset(String group, TopicPartition partition) throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(partition)
                .offset();
    }

    private void recordsAreDeleted(String topic) throws Exception {
        fill(topic, 1, COUNT);
        TopicPartition partition = new TopicPartition(topic, 0);
        same(10L, admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(10))).lowWatermarks()
                .get(partition).get().lowWatermark());
        same(numbered("value ", COUNT).subList(10, COUNT), values(topic, COMMITTED));
    }
}
