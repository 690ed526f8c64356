package io.semel.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.group.GroupCommand.BeatStreams;
import io.semel.group.GroupReply.Refused;
import io.semel.group.GroupReply.StreamsReconciled;
import io.semel.group.GroupReply.StreamsShown;
import io.semel.group.streams.Share;
import io.semel.group.streams.StreamsAnswer;
import io.semel.group.streams.StreamsBeat;
import io.semel.group.streams.StreamsDescribed;
import io.semel.group.streams.StreamsGroup;
import io.semel.group.streams.StreamsLimits;
import io.semel.group.streams.TaskId;
import io.semel.group.streams.Tasks;
import io.semel.group.streams.Topologies;
import io.semel.group.streams.Topology;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * One random life of a streams group: members of some processes come, go, die, lose answers, topics get
 * partitions, forces are late, the room crashes. Members give up first and then take, as Kafka's client does,
 * and tell what they have come to the end of taking.
 */
final class StreamsWalk {
    private static final String GROUP = "app";
    private static final int REBALANCE_MS = 60_000;
    private static final Topology TOPOLOGY = Topologies.wordCount();

    /** A client as it stands; {@code target} is null until it was told one. */
    private static final class Client {
        final String id;
        final String process;
        int epoch;
        Share owned = Share.NONE;
        Share target;
        boolean tellsAll = true;
        boolean ready;

        Client(String id, String process) {
            this.id = id;
            this.process = process;
        }

        /** Half a step: gives up, or takes. */
        void work() {
            if (target == null || owned.equals(target)) return;
            Share kept = new Share(owned.active().only(target.active()::has),
                    owned.standby().only(target.standby()::has), Tasks.NONE);
            owned = kept.equals(owned) ? target : kept;
            if (owned.equals(target)) tellsAll = true;
        }

        void abandon() {
            epoch = 0;
            owned = Share.NONE;
            target = null;
            tellsAll = true;
        }
    }

    private final Random random;
    private final int seed;
    private final List<Client> clients = new ArrayList<>();
    private final ArrayDeque<String> lately = new ArrayDeque<>();
    private Room room;
    private FixedTopics topics = FixedTopics.NONE;
    private int born;
    private int partitions = 3;
    int beats;
    int crashes;
    int moves;

    StreamsWalk(int seed) {
        this.seed = seed;
        this.random = new Random(seed);
        StreamsLimits limits = StreamsLimits.defaults().with(random.nextInt(3),
                random.nextInt(4) == 0 ? 3_000 : 0);
        room = new Room(GroupLimits.defaults().withStreams(limits));
        prepare();
    }

    private void prepare() {
        topics = FixedTopics.NONE.with("lines", partitions).with("app-words", partitions)
                .with("app-counts-changelog", partitions);
    }

    void walk(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
            check("seed " + seed + " step " + step);
            if (step % 10 == 0) checkFold("seed " + seed + " step " + step);
        }
        heal();
    }

    private void step() {
        int dice = random.nextInt(100);
        if (clients.isEmpty() || dice < 6 && clients.size() < 6) {
            clients.add(new Client("m" + born, "p" + born++ % 3));
        } else if (dice < 50) {
            beat(any(), random.nextInt(10) == 0);
        } else if (dice < 85) {
            Client client = any();
            client.work();
            tell(client.id + " works, has " + client.owned);
        } else if (dice < 88) {
            leave(any());
        } else if (dice < 90) {
            die(any());
        } else if (dice < 92) {
            topicsChange();
        } else if (dice < 95) {
            crash();
        } else {
            room.pass(random.nextInt(2_000));
        }
    }

    /** It falls silent; the others go on, so that only its session ends. */
    private void die(Client client) {
        clients.remove(client);
        for (int second = 0; second < 50; second += 5) {
            room.pass(5_000);
            for (Client other : clients) {
                beat(other, false);
                other.work();
                other.work();
            }
        }
    }

    private Client any() {
        return clients.get(random.nextInt(clients.size()));
    }

    private void tell(String what) {
        lately.add(what);
        if (lately.size() > 40) lately.remove();
    }

    /** A topic goes and comes back, or all of them are made anew with another count. */
    private void topicsChange() {
        if (topics.named("app-words") == null) prepare();
        else if (random.nextBoolean()) topics = topics.without("app-words");
        else {
            partitions = 1 + random.nextInt(5);
            prepare();
        }
    }

    private void crash() {
        crashes++;
        tell("crash");
        room = room.crash();
    }

    /** @param lost the answer does not arrive, and perhaps the decision is not even durable */
    private void beat(Client client, boolean lost) {
        beats++;
        boolean unforced = lost && random.nextBoolean();
        room.forces = !unforced;
        boolean joins = client.epoch == 0;
        Share told = joins || client.tellsAll ? toldBy(client, joins) : null;
        Room.Ask ask = room.ask(new BeatStreams(new StreamsBeat(GROUP, client.id, client.epoch, 0, null, null,
                joins ? REBALANCE_MS : -1, joins ? TOPOLOGY : null, told, false,
                joins ? client.process : null, null, null, false, false, "client", "/host", topics)));
        room.forces = true;
        if (unforced) {
            if (random.nextBoolean()) crash();
            else room.force();
        }
        tell(client.id + (lost ? " loses " : " hears ") + ask.reply + ", told " + told);
        if (lost) {
            client.tellsAll = true;
            return;
        }
        if (ask.reply instanceof Refused) {
            client.abandon();
            return;
        }
        hear(client, ask.as(StreamsReconciled.class).answer());
    }

    /**
     * All that it has, once it has come to the end of taking: who is in the middle of it cannot say so, and
     * would be believed to have given the task up (docs/groups.md).
     */
    private static Share toldBy(Client client, boolean joins) {
        if (joins) return Share.NONE;
        client.work();
        client.work();
        return client.owned;
    }

    private void hear(Client client, StreamsAnswer answer) {
        client.epoch = answer.epoch();
        client.tellsAll = false;
        client.ready = answer.statuses().isEmpty();
        if (answer.assigned() == null) return;
        if (!answer.assigned().equals(client.target)) moves++;
        client.target = answer.assigned();
    }

    private void leave(Client client) {
        room.ask(new BeatStreams(new StreamsBeat(GROUP, client.id, -1, 0, null, null, -1, null, null, false,
                null, null, null, false, false, "client", "/host", topics)));
        clients.remove(client);
    }

    /** Whoever was fenced and has not heard of it yet is no owner: its commits are refused. */
    private boolean isMember(Client client) {
        StreamsGroup group = room.shard.table().streamsGroup(GROUP);
        return group != null && group.hasMember(client.id);
    }

    private void check(String where) {
        TreeMap<TaskId, String> owners = new TreeMap<>();
        TreeMap<String, List<TaskId>> ofProcess = new TreeMap<>();
        for (Client client : clients) {
            if (!isMember(client)) continue;
            for (TaskId task : client.owned.active().ids()) {
                String other = owners.put(task, client.id);
                assertTrue(other == null, () -> where + ": " + task + " is run by " + other + " and "
                        + client.id + "\n" + String.join("\n", lately));
            }
            List<TaskId> here = ofProcess.computeIfAbsent(client.process, id -> new ArrayList<>());
            for (Tasks tasks : List.of(client.owned.active(), client.owned.standby())) {
                for (TaskId task : tasks.ids()) {
                    assertTrue(!here.contains(task), () -> where + ": " + client.process + " has " + task
                            + " twice\n" + String.join("\n", lately));
                    here.add(task);
                }
            }
        }
    }

    private void checkFold(String where) {
        GroupShard folded = new GroupShard(room.limits);
        room.journal.foldInto(folded);
        assertEquals(folded.digest(), room.shard.digest(), where + ": the reloaded room differs");
    }

    /**
     * With topics as they must be and nobody disturbed, all tasks find their owners. It may take a rebalance
     * time-out: whoever loses a task again before it took it has nothing to tell, and the coordinator waits.
     */
    private void heal() {
        prepare();
        if (clients.isEmpty()) clients.add(new Client("m" + born, "p0"));
        room.pass(5_000);
        for (int round = 0; round < 80; round++) {
            for (Client client : clients) {
                beat(client, false);
                client.work();
                client.work();
                check("seed " + seed + " healing " + round);
            }
            room.pass(1_000);
        }
        StreamsDescribed group = room.ask(new GroupCommand.DescribeStreams(GROUP, topics))
                .as(StreamsShown.class).group();
        assertEquals("Stable", group.state(), "seed " + seed + ": " + group);
        int active = 0;
        for (Client client : clients) {
            active += client.owned.active().ids().size();
            assertTrue(client.ready, "seed " + seed);
            int fewest = 2 * partitions / clients.size();
            int own = client.owned.active().ids().size();
            assertTrue(own == fewest || own == fewest + 1, "seed " + seed + ": uneven, " + group);
        }
        assertEquals(2 * partitions, active, "seed " + seed + ": tasks without an owner");
    }
}
