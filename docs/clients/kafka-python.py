#!/usr/bin/env python3
"""Checks a broker with kafka-python: records, codecs, offsets, groups, admin.

usage: kafka-python.py HOST:PORT
Every value is read back and compared. Exits 1 when anything differed.
"""

import logging
import sys
import threading
import time
import uuid

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.codec import has_lz4, has_snappy, has_zstd
from kafka.errors import MessageSizeTooLargeError, TopicAlreadyExistsError, UnknownTopicOrPartitionError
from kafka.structs import OffsetAndMetadata

PATIENCE_S = 30
RUN = "python-" + uuid.uuid4().hex[:8]


class Complaints(logging.Handler):
    """Keeps what the library warns of."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def eventually(what, condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain for " + what
        time.sleep(0.05)


def same(expected, actual):
    assert expected == actual, f"expected {str(expected)[:300]}, got {str(actual)[:300]}"


def values(first, last):
    return [b"value %d" % i for i in range(first, last)]


class Member(threading.Thread):
    """A member of a group that reads until it is told to leave, and then commits."""

    def __init__(self, bootstrap, group, topic):
        super().__init__(daemon=True)
        self.consumer = KafkaConsumer(
            topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest",
            session_timeout_ms=10_000, heartbeat_interval_ms=500, auto_commit_interval_ms=500)
        self.records = []
        self.leaving = False
        self.start()

    def run(self):
        while not self.leaving:
            for records in self.consumer.poll(timeout_ms=200).values():
                self.records += records
        self.consumer.close()

    def leave(self):
        self.leaving = True
        self.join(PATIENCE_S)
        assert not self.is_alive(), "the member did not leave"

    def held(self):
        return sorted(one.partition for one in self.consumer.assignment())


class Checks:
    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.admin = KafkaAdminClient(bootstrap_servers=bootstrap)

    def topic(self, name, partitions=1):
        self.admin.create_topics([NewTopic(f"{RUN}-{name}", partitions, 1)])
        return f"{RUN}-{name}"

    def producer(self, **options):
        return KafkaProducer(bootstrap_servers=self.bootstrap, **options)

    def read(self, topic, partitions=1, first=0, **options):
        """Everything from an offset to the end of each partition, without a group."""
        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap, **options)
        all_of_it = [TopicPartition(topic, i) for i in range(partitions)]
        consumer.assign(all_of_it)
        for partition in all_of_it:
            consumer.seek(partition, first)
        ends = consumer.end_offsets(all_of_it)
        records = []
        deadline = time.monotonic() + PATIENCE_S
        while any(consumer.position(one) < ends[one] for one in all_of_it):
            assert time.monotonic() < deadline, "the end was not reached"
            for polled in consumer.poll(timeout_ms=500).values():
                records += polled
        consumer.close()
        return records

    # ---- Records ----------------------------------------------------------------------------------------------------

    def check_versions_are_found_out(self):
        # By the APIs offered; what it takes for the mark of 2.5 is DescribeAcls.
        producer = self.producer()
        assert producer.config["api_version"] >= (2, 4), producer.config["api_version"]
        producer.close()

    def check_keys_headers_null_values_and_time_stamps(self):
        topic = self.topic("records")
        producer = self.producer()
        sent = producer.send(topic, b"v", b"k", [("trace", b"abc"), ("trace", b"def")], 0, 1_700_000_000_000).get(PATIENCE_S)
        producer.send(topic, None, b"gone").get(PATIENCE_S)
        producer.send(topic, b"no key").get(PATIENCE_S)
        producer.close()
        first, second, third = self.read(topic)
        same((0, 0), (sent.partition, sent.offset))
        same((b"k", b"v", 1_700_000_000_000), (first.key, first.value, first.timestamp))
        same([("trace", b"abc"), ("trace", b"def")], first.headers)
        same((b"gone", None), (second.key, second.value))
        same((None, b"no key"), (third.key, third.value))

    def codec(self, name, compression):
        topic = self.topic("codec-" + name, 2)
        producer = self.producer(compression_type=compression, linger_ms=20, retries=3)
        sent = [producer.send(topic, value, partition=i % 2) for i, value in enumerate(values(0, 5000))]
        producer.flush(PATIENCE_S)
        same(list(range(2500)), [one.get(PATIENCE_S).offset for one in sent[::2]])
        producer.close()
        records = self.read(topic, 2)
        for partition in (0, 1):
            mine = [one.value for one in records if one.partition == partition]
            same(values(0, 5000)[partition::2], mine)

    def check_compression_none(self):
        self.codec("none", None)

    def check_compression_gzip(self):
        self.codec("gzip", "gzip")

    def check_compression_snappy(self):
        if not has_snappy():
            return "the library python-snappy is not installed"
        self.codec("snappy", "snappy")

    def check_compression_lz4(self):
        if not has_lz4():
            return "the library lz4 is not installed"
        self.codec("lz4", "lz4")

    def check_compression_zstd(self):
        if not has_zstd():
            return "the library zstandard is not installed"
        self.codec("zstd", "zstd")

    def check_acks(self):
        topic = self.topic("acks")
        for acks in (0, 1, "all"):
            producer = self.producer(acks=acks)
            for value in values(0, 100):
                producer.send(topic, value)
            producer.flush(PATIENCE_S)
            producer.close()
        eventually("300 records", lambda: len(self.read(topic)) == 300)
        same(sorted(values(0, 100) * 3), sorted(one.value for one in self.read(topic)))

    def check_a_batch_that_is_too_large_is_refused(self):
        topic = self.topic("large")
        producer = self.producer(max_request_size=5_000_000, buffer_memory=10_000_000)
        try:
            producer.send(topic, b"x" * 2_000_000).get(PATIENCE_S)
            raise AssertionError("it was taken")
        except MessageSizeTooLargeError:
            pass
        producer.send(topic, b"y" * 900_000).get(PATIENCE_S)
        producer.close()
        same([b"y" * 900_000], [one.value for one in self.read(topic)])

    def check_a_topic_is_created_by_its_first_record(self):
        producer = self.producer()
        same(0, producer.send(RUN + "-by-itself", b"v").get(PATIENCE_S).offset)
        producer.close()

    def check_offsets_by_time_and_seeking(self):
        topic = self.topic("times")
        producer = self.producer()
        for time_ms in (1000, 2000, 3000):
            producer.send(topic, b"at %d" % time_ms, timestamp_ms=time_ms).get(PATIENCE_S)
        producer.close()
        one = TopicPartition(topic, 0)
        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap)
        same((1, 2000), tuple(consumer.offsets_for_times({one: 1500})[one]))
        same(None, consumer.offsets_for_times({one: 4000})[one])
        same({one: 0}, consumer.beginning_offsets([one]))
        same({one: 3}, consumer.end_offsets([one]))
        consumer.close()
        same([b"at 3000"], [record.value for record in self.read(topic, first=2)])

    # ---- Groups -----------------------------------------------------------------------------------------------------

    def check_two_members_share_hand_over_and_restart(self):
        topic, group = self.topic("shared", 4), RUN + "-shared"
        producer = self.producer()

        def spread(first, last):
            for i, value in enumerate(values(first, last)):
                producer.send(topic, value, partition=i % 4)
            producer.flush(PATIENCE_S)

        def read_by(*members):
            return sorted(record.value for member in members for record in member.records)

        spread(0, 200)
        one = Member(self.bootstrap, group, topic)
        eventually("200 records", lambda: len(one.records) >= 200)
        same([0, 1, 2, 3], one.held())
        two = Member(self.bootstrap, group, topic)
        eventually("two each", lambda: len(one.held()) == 2 and len(two.held()) == 2)
        same([0, 1, 2, 3], sorted(one.held() + two.held()))
        self.described(group, topic)
        spread(200, 400)
        eventually("400 records", lambda: len(one.records) + len(two.records) >= 400)
        same(sorted(values(0, 400)), read_by(one, two))
        same(100, len(two.records))
        one.leave()
        eventually("all four", lambda: two.held() == [0, 1, 2, 3])
        spread(400, 500)
        eventually("500 records", lambda: len(one.records) + len(two.records) >= 500)
        two.leave()
        same(sorted(values(0, 500)), read_by(one, two))
        offsets = self.admin.list_consumer_group_offsets(group)
        same([125] * 4, [offsets[TopicPartition(topic, i)].offset for i in range(4)])
        spread(500, 600)
        again = Member(self.bootstrap, group, topic)
        eventually("100 records", lambda: len(again.records) >= 100)
        again.leave()
        same(sorted(values(500, 600)), read_by(again))
        producer.close()

    def described(self, group, topic):
        found = self.admin.describe_consumer_groups([group])[0]
        same((group, "Stable", "consumer", 2), (found.group, found.state, found.protocol_type, len(found.members)))
        assigned = [partition for member in found.members for _, held in member.member_assignment.assignment for partition in held]
        same([0, 1, 2, 3], sorted(assigned))
        assert (group, "consumer") in self.admin.list_consumer_groups(), "the group is not listed"

    def check_offsets_committed_by_hand(self):
        topic, group = self.topic("by-hand"), RUN + "-by-hand"
        one = TopicPartition(topic, 0)
        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap, group_id=group, enable_auto_commit=False)
        consumer.assign([one])
        same(None, consumer.committed(one))
        consumer.commit({one: OffsetAndMetadata(7, "noted")})
        same(7, consumer.committed(one))
        same(OffsetAndMetadata(7, "noted"), consumer.committed(one, metadata=True))
        consumer.close()
        same({one: OffsetAndMetadata(7, "noted")}, self.admin.list_consumer_group_offsets(group))

    def check_read_committed_without_transactions(self):
        topic = self.topic("committed")
        producer = self.producer()
        for value in values(0, 10):
            producer.send(topic, value)
        producer.close()
        consumer = KafkaConsumer(topic, bootstrap_servers=self.bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=2000)
        same(values(0, 10), [record.value for record in consumer])
        consumer.close()

    # ---- Admin ------------------------------------------------------------------------------------------------------

    def check_topics_are_created_enlarged_described_and_deleted(self):
        topic = RUN + "-admin"
        self.admin.create_topics([NewTopic(topic, 3, 1, topic_configs={"retention.ms": "12345"})])
        try:
            self.admin.create_topics([NewTopic(topic, 3, 1)])
            raise AssertionError("it was created twice")
        except TopicAlreadyExistsError:
            pass
        assert topic in self.admin.list_topics(), "it is not listed"
        self.admin.create_partitions({topic: NewPartitions(5)})
        same(5, len(self.admin.describe_topics([topic])[0]["partitions"]))
        answer = self.admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": None})])[0]
        same([("retention.ms", "12345")], [entry[:2] for entry in answer.resources[0][4]])
        self.admin.delete_topics([topic])
        eventually("the topic to be gone", lambda: topic not in self.admin.list_topics())
        try:
            self.admin.delete_topics([topic])
            raise AssertionError("it was deleted twice")
        except UnknownTopicOrPartitionError:
            pass

    def check_a_group_is_deleted(self):
        topic, group = self.topic("forgotten"), RUN + "-forgotten"
        one = TopicPartition(topic, 0)
        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap, group_id=group)
        consumer.commit({one: OffsetAndMetadata(3, "")})
        consumer.close()
        same([0], [error.errno for _, error in self.admin.delete_consumer_groups([group])])
        same({}, self.admin.list_consumer_group_offsets(group))


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: kafka-python.py HOST:PORT")
    complaints = Complaints()
    logging.getLogger("kafka").addHandler(complaints)
    print("      kafka-python", kafka.__version__)
    checks = Checks(sys.argv[1])
    failures = done = 0
    for name in [name for name in vars(Checks) if name.startswith("check_")]:
        words = name[len("check_"):].replace("_", " ")
        try:
            skipped = getattr(checks, name)()
            print(f"skip  {words}: {skipped}" if skipped else f"ok    {words}", flush=True)
            done += not skipped
        except Exception as failure:
            print(f"WRONG {words}: {type(failure).__name__} {failure}", flush=True)
            done += 1
            failures += 1
    for line in sorted(set(complaints.lines)):
        print("      kafka-python says:", line)
    print(f"{done} checks, {failures} wrong")
    sys.exit(1 if failures else 0)


main()
