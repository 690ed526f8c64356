package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.assign.Assignment;
import io.semel.group.assign.TopicFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A random life of a group whose members speak the consumer protocol, the classic one, or both at once:
 * they come, go, die, fall silent, lose answers; topics come, grow and go; forces are late; the room crashes.
 * After every step no partition is read by two members of the group, and nobody reads more than the room
 * knows; when all is calm, every partition is read by one within a bounded number of heartbeats.
 */
final class MixedWalk {
    private static final int STEPS = 400;
    private static final int CALM_ROUNDS = 30;
    private static final String GROUP = "g";
    private static final List<String> TOPICS = List.of("a", "b", "c");

    /** Which protocols are spoken. */
    enum Speaking { MODERN, BOTH }

    private final Random random;
    private final List<SimMember> members = new ArrayList<>();
    private final SortedMap<Long, Long> digestAt = new TreeMap<>();
    private Room room;
    private int incarnations;
    int crashes;
    int epochs;
    int upgrades;
    int downgrades;
    private boolean wasModern;

    MixedWalk(long seed, Speaking speaking) {
        this(seed, speaking, false);
    }

    /** @param leaking the saboteur: replies leave before what they rest on is durable */
    MixedWalk(long seed, Speaking speaking, boolean leaking) {
        random = new Random(seed);
        GroupLimits limits = GroupLimits.defaults().withOffsetsSweepMs(10_000_000);
        room = new Room(limits, new RecordJournal(), 1_000_000, leaking);
        room.forces = false;
        room.topics = FixedTopics.NONE.with("a", 1 + random.nextInt(6)).with("b", 1 + random.nextInt(4));
        int count = 2 + random.nextInt(5);
        for (int index = 0; index < count; index++) {
            String instanceId = random.nextInt(3) == 0 ? "static-" + index : null;
            boolean modern = speaking == Speaking.MODERN || random.nextBoolean();
            members.add(modern ? new SimModern(GROUP, instanceId, "host-" + index, random)
                    : new SimClassic(GROUP, instanceId, "host-" + index, random));
        }
        digestAt.put(0L, room.shard.digest());
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            step();
            look();
        }
        calmDown();
    }

    private void step() {
        SimMember member = members.get(random.nextInt(members.size()));
        switch (random.nextInt(24)) {
            case 0, 1 -> {
                if (!member.alive) member.start(subscription());
            }
            case 2 -> {
                if (random.nextInt(4) == 0) member.leave(room);
            }
            case 3 -> {
                if (random.nextInt(4) == 0) member.crash();
            }
            case 4 -> changeTopics();
            case 5 -> {
                if (random.nextInt(4) == 0) crash();
            }
            case 6, 7, 8, 9, 10 -> room.force();
            case 11 -> room.pass(random.nextInt(random.nextInt(10) == 0 ? 50_000 : 5_000));
            default -> member.act(room, random.nextInt(12) == 0);
        }
        digestAt.put(room.journal.endOffset(), room.shard.digest());
    }

    private SortedSet<String> subscription() {
        TreeSet<String> topics = new TreeSet<>();
        topics.add("a");
        if (random.nextInt(3) == 0) topics.add("b");
        if (random.nextInt(4) == 0) topics.add("c");
        return topics;
    }

    private void changeTopics() {
        String name = TOPICS.get(random.nextInt(TOPICS.size()));
        TopicFacts facts = room.topics.named(name);
        if (facts == null) {
            room.topics = room.topics.with(name, 1 + random.nextInt(6), ++incarnations);
        } else if (random.nextInt(3) == 0) {
            room.topics = room.topics.without(name);
        } else {
            int incarnation = 0;
            while (!FixedTopics.idOf(name, incarnation).equals(facts.id())) incarnation++;
            room.topics = room.topics.with(name, facts.partitions() + 1, incarnation);
        }
    }

    /** What is not durable is lost, but for some of it. */
    private void crash() {
        crashes++;
        long durable = room.journal.durableOffset();
        room = room.crash(durable);
        room.forces = false;
        assertEquals(digestAt.get(durable), room.shard.digest(), "I2 at " + durable);
        assertEquals(digestAt.get(durable), restated().digest(), "restated at " + durable);
        long cleanTo = durable == 0 ? 0 : random.nextInt((int) durable);
        GroupShard folded = new GroupShard(room.limits);
        room.journal.cleaned(cleanTo).foldInto(folded);
        assertEquals(digestAt.get(durable), folded.digest(), "cleaned to " + cleanTo + " of " + durable);
        for (SimMember member : members) member.forgetAsk();
    }

    /** A room that is told what the groups are, instead of how they came to be it. */
    private GroupShard restated() {
        GroupShard shard = new GroupShard(room.limits);
        GroupEventCodec codec = new GroupEventCodec();
        room.shard.restate((event, offset) -> shard.evolve(codec.decode(RecordJournal.header(-1, (short) -1),
                codec.key(event), codec.value(event)), offset));
        return shard;
    }

    private void look() {
        ConsumerGroup modern = room.shard.table().consumerGroup(GROUP);
        ClassicGroup classic = room.shard.table().group(GROUP);
        assertTrue(modern == null || classic == null, "two groups under one id");
        SortedMap<UUID, SortedMap<Integer, String>> readers = new TreeMap<>();
        for (SimMember member : members) {
            boolean known = modern != null ? modern.member(member.memberId) != null
                    : classic != null && classic.member(member.memberId) != null;
            if (!member.alive || !known) continue;
            member.owned.forEach((topicId, partition) -> {
                String other = readers.computeIfAbsent(topicId, id -> new TreeMap<>())
                        .put(partition, member.memberId);
                assertTrue(other == null, "partition " + partition + " is read by " + member.memberId
                        + " and " + other);
            });
            if (modern != null && member instanceof SimModern) {
                assertTrue(modern.standing(member.memberId).held().hasAll(member.owned),
                        member.memberId + " reads what it does not hold");
            }
        }
        if (modern != null) {
            lookAtHolders(modern);
            epochs = Math.max(epochs, modern.epoch());
        }
        if (modern != null && !wasModern && classic == null) upgrades++;
        if (modern == null && wasModern && classic != null) downgrades++;
        wasModern = modern != null;
    }

    private static void lookAtHolders(ConsumerGroup group) {
        Assignment all = Assignment.NONE;
        for (String memberId : group.members().keySet()) {
            Assignment held = group.standing(memberId).held();
            assertTrue(all.isApartFrom(held), memberId + " holds what another holds");
            all = all.plus(held);
            held.forEach((topicId, partition) ->
                    assertEquals(memberId, group.holder(topicId, partition)));
            int epoch = group.standing(memberId).epoch();
            assertTrue(epoch <= group.epoch(), memberId + " is at " + epoch + " of " + group.epoch());
        }
        assertTrue(group.targetEpoch() <= group.epoch());
    }

    /** Nothing goes wrong any more. */
    private void calmDown() {
        for (SimMember member : members) if (!member.alive) member.start(subscription());
        room.forces = true;
        room.force();
        for (int round = 0; round < 16; round++) beatAll(4_000);
        for (int round = 0; round < CALM_ROUNDS && !isDone(); round++) beatAll(1_000);
        assertTrue(isDone(), () -> "not there after " + CALM_ROUNDS + " heartbeats: " + owners());
    }

    private void beatAll(int ms) {
        for (SimMember member : members) {
            if (!member.alive) member.start(subscription());
            for (int turn = 0; turn < 2; turn++) {
                member.act(room, false);
                look();
            }
        }
        room.pass(ms);
        look();
    }

    private SortedMap<String, List<String>> owners() {
        SortedMap<String, List<String>> owners = new TreeMap<>();
        for (SimMember member : members) {
            member.owned.forEach((topicId, partition) -> {
                TopicFacts facts = room.topics.withId(topicId);
                String name = (facts == null ? "gone" : facts.name()) + "-" + partition;
                owners.computeIfAbsent(name, key -> new ArrayList<>()).add(member.memberId);
            });
        }
        return owners;
    }

    /** Every partition that somebody wants has one who wants it. */
    private boolean isDone() {
        SortedMap<String, List<String>> owners = owners();
        SortedSet<String> wanted = new TreeSet<>();
        for (SimMember member : members) {
            for (String topic : member.topics) {
                TopicFacts facts = room.topics.named(topic);
                for (int index = 0; facts != null && index < facts.partitions(); index++) {
                    wanted.add(topic + "-" + index);
                }
            }
        }
        if (!owners.keySet().equals(wanted)) return false;
        ConsumerGroup modern = room.shard.table().consumerGroup(GROUP);
        return owners.values().stream().allMatch(list -> list.size() == 1)
                && (modern == null || modern.state().equals("Stable"));
    }
}
