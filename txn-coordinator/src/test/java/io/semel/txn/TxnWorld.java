package io.semel.txn;

import io.semel.kernel.law.Duty;
import io.semel.kernel.law.Gate;
import io.semel.kernel.law.ShardHost;
import io.semel.txn.TxnCommand.End;
import io.semel.txn.TxnCommand.Enlist;
import io.semel.txn.TxnCommand.InitProducerId;
import io.semel.txn.TxnCommand.MarkersWritten;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Enlisted;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnReply.NeedsProducerId;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The real room, real host, clients of both versions, partitions and a courier, driven by one seed: crashes
 * lose what was not forced, markers are written in part or twice, replies are lost, requests come late. Every
 * promise is checked after every step.
 */
final class TxnWorld {
    /** A bug planted on purpose. */
    enum Sabotage { NONE, NO_FENCING, FORGET_DUTIES_ON_RELOAD, DUTY_EARLY, REPLY_EARLY }

    /** A promise was broken. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    /** One request; whoever asked may have stopped listening. */
    private static final class Sent {
        private final TxnCommand command;
        private int answers;

        Sent(TxnCommand command) {
            this.command = command;
        }
    }

    private record Carried(MarkerDuty duty, ShardHost.Outcome<TxnCommand> outcome) {
    }

    private static final TxnLimits LIMITS = new TxnLimits(900_000, 3_600_000, 5_000);
    private final TreeMap<TopicPartition, MarkedPartition> partitions = new TreeMap<>();
    private final RecordJournal journal = new RecordJournal();
    private final List<TxnClient> clients = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<Carried> carried = new ArrayList<>();
    private final TreeMap<String, Integer> ownerOfEpoch = new TreeMap<>();
    private final TreeMap<String, Boolean> told = new TreeMap<>();
    private final TreeMap<String, Txn> journalled = new TreeMap<>();
    private final List<Long> digests = new ArrayList<>();
    private final List<String> duties = new ArrayList<>();
    private final Random random;
    private final Sabotage sabotage;
    private TxnShard shadow;
    private TxnShard shard;
    private ShardHost<TxnCommand, TxnEvent, TxnReply> host;
    private long checkedOffset;
    private int coordinatorEpoch;
    private long nowMs = 1_000;
    private long freshProducerId = 1_000;
    private final ArrayDeque<Supplier<String>> story = new ArrayDeque<>();
    int crashes;
    int decisions;

    TxnWorld(long seed, Sabotage sabotage) {
        this.random = new Random(seed);
        this.sabotage = sabotage;
        for (int partition = 0; partition < 4; partition++) partitions.put(new TopicPartition("t", partition),
            new MarkedPartition());
        if (random.nextInt(3) == 0) importNearTheLastEpoch();
        open();
        for (int client = 0; client < 3; client++) join("id-" + client % 2, random.nextBoolean());
    }

    /** What happened, the latest last: printed with the seed of a broken promise. */
    String story() {
        StringBuilder text = new StringBuilder();
        for (Supplier<String> line : story) text.append(line.get()).append('\n');
        return text.toString();
    }

    private void tell(String what, Object first, Object second) {
        long atMs = nowMs;
        if (story.size() == 60) story.removeFirst();
        story.add(() -> atMs + " " + what + " " + first + " " + second);
    }

    static void check(boolean holds, Object... message) {
        if (!holds) throw new Violation(Stream.of(message).map(String::valueOf)
            .collect(Collectors.joining()));
    }

    private void importNearTheLastEpoch() {
        short epoch = (short) (Short.MAX_VALUE - 1 - random.nextInt(4));
        journal.append(List.of(new TxnChanged(
            new Txn("id-0", 900, epoch, (short) -1, 900, -1, 3_000, TxnPhase.EMPTY, List.of(), -1, nowMs,
            (short) 2))));
        journal.force();
    }

    private void open() {
        shadow = new TxnShard(coordinatorEpoch, LIMITS);
        checkedOffset = 0;
        journalled.clear();
        TxnFaults faults = new TxnFaults(sabotage == Sabotage.NO_FENCING,
            sabotage == Sabotage.FORGET_DUTIES_ON_RELOAD);
        shard = journal.fold(new TxnShard(coordinatorEpoch, LIMITS, faults));
        Gate gate = new Gate(journal.durableOffset(), sabotage == Sabotage.REPLY_EARLY);
        host = new ShardHost<>(shard, journal, gate, this::carry, sabotage == Sabotage.DUTY_EARLY);
        while (checkedOffset < journal.endOffset()) follow(false);
        host.durable(nowMs);
    }

    private TxnClient join(String id, boolean version2) {
        TxnClient client = new TxnClient(this, clients.size(), id, version2, random);
        clients.add(client);
        return client;
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            turn();
            followAll();
        }
        heal();
    }

    private void turn() {
        int dice = random.nextInt(100);
        if (dice < 50) clients.get(random.nextInt(clients.size())).act();
        else if (dice < 68) force();
        else if (dice < 84) courier();
        else if (dice < 92) pass(random.nextInt(10) == 0 ? random.nextInt(6_000) : random.nextInt(300));
        else if (dice < 95) crash();
        else if (dice < 97 && clients.size() < 8) join("id-" + random.nextInt(2), random.nextBoolean());
        else repeatSomethingLate();
    }

    private void force() {
        if (random.nextInt(3) == 0) journal.forceTo(journal.durableOffset() + random.nextInt(3));
        else journal.force();
        host.durable(nowMs);
    }

    private void pass(long ms) {
        nowMs += ms;
        for (int turns = 0; turns < 100 && host.nextDeadlineMs() <= nowMs; turns++) host.tick(nowMs);
    }

    private void crash() {
        crashes++;
        if (random.nextInt(4) == 0) journal.failing = true;
        host.close();
        carried.clear();
        long surviving = journal.durableOffset()
            + random.nextInt((int) (journal.endOffset() - journal.durableOffset()) + 1);
        journal.lose(surviving);
        while (digests.size() > surviving) {
            digests.remove(digests.size() - 1);
            duties.remove(duties.size() - 1);
        }
        coordinatorEpoch++;
        tell("crash, events that survive:", surviving, "");
        open();
    }

    /** The network held back a version 2 request that was long answered. */
    private void repeatSomethingLate() {
        if (sent.isEmpty()) return;
        TxnCommand command = sent.get(random.nextInt(sent.size())).command;
        boolean late = command instanceof End end && end.version2() || command instanceof Enlist enlist
            && enlist.version2();
        if (late) ask(command, reply -> { });
    }

    private void carry(Duty duty, ShardHost.Outcome<TxnCommand> outcome) {
        MarkerDuty owed = (MarkerDuty) duty;
        check(owed.restsOn() < journal.durableOffset(), "I1 I5 duty before its PREPARE is durable: ", owed);
        Txn prepared = ((TxnChanged) journal.read(owed.restsOn())).txn();
        check(owed.equals(MarkerDuty.of(prepared, coordinatorEpoch, owed.restsOn())), "I5 ", owed,
            " is not what was decided");
        carried.add(new Carried(owed, outcome));
    }

    private void courier() {
        if (carried.isEmpty()) return;
        Carried next = carried.get(random.nextInt(carried.size()));
        boolean fails = random.nextInt(4) == 0;
        for (TopicPartition partition : next.duty.partitions()) {
            if (!fails || random.nextBoolean()) partitions.get(partition).mark(next.duty);
        }
        if (fails && random.nextBoolean()) return;
        carried.remove(next);
        next.outcome.settle(fails ? null : new MarkersWritten(next.duty.transactionalId(),
            next.duty.restsOn()), nowMs);
    }

    void ask(TxnCommand command, Consumer<TxnReply> asker) {
        Sent request = new Sent(command);
        sent.add(request);
        tell("ask", command, "");
        host.submit(command, reply -> {
            request.answers++;
            tell("answer", command, reply);
            if (reply instanceof NeedsProducerId) {
                ask(withFreshProducerId(command), asker);
                return;
            }
            answered(command, reply);
            asker.accept(reply);
        }, nowMs);
    }

    private TxnCommand withFreshProducerId(TxnCommand command) {
        long fresh = freshProducerId++;
        if (command instanceof End end) {
            return new End(end.transactionalId(), end.producerId(), end.epoch(), end.commit(), end.version2(),
                fresh);
        }
        InitProducerId init = (InitProducerId) command;
        return new InitProducerId(init.transactionalId(), init.timeoutMs(), init.expectedProducerId(),
            init.expectedEpoch(), fresh,
            false, false);
    }

    boolean write(TopicPartition partition, long producerId, short epoch, String label) {
        return partitions.get(partition).write(producerId, epoch, label);
    }

    TopicPartition anyPartition() {
        return new TopicPartition("t", random.nextInt(partitions.size()));
    }

    /** I3: a producer id and epoch is in one client's hands only. */
    void holds(int client, String id, long producerId, short epoch) {
        Integer owner = ownerOfEpoch.putIfAbsent(id + " " + producerId + "/" + epoch, client);
        check(owner == null || owner == client, "I3 ", producerId, "/", epoch, " of ", id, " given to ",
            owner, " and ", client);
        check(epoch <= Txn.EPOCH_LAST, "I3 epoch ", epoch, " handed out");
    }

    void told(String label, boolean commit) {
        told.put(label, commit);
    }

    /** I1, and commit returned = visible: what the reply says is durable, and its markers are written. */
    private void answered(TxnCommand command, TxnReply reply) {
        if (reply instanceof Initialised initialised && command instanceof InitProducerId init) {
            check(durable(init.transactionalId(), txn -> txn.producerId() == initialised.producerId()
                && txn.producerEpoch() == initialised.epoch()) != null, "I1 ", reply,
                " before it is durable");
        } else if (reply instanceof Enlisted && command instanceof Enlist enlist) {
            check(durable(enlist.transactionalId(), txn -> txn.producerId() == enlist.producerId()
                && txn.producerEpoch() == enlist.epoch() && txn.enlistsAll(enlist.partitions())) != null,
                "I1 enlisted early ", command);
        } else if (reply instanceof Ended && command instanceof End end) {
            int epoch = end.version2() ? end.epoch() + 1 : end.epoch();
            Txn prepared = durable(end.transactionalId(), txn ->
                txn.phase() == TxnPhase.preparing(end.commit())
                && txn.producerId() == end.producerId() && txn.producerEpoch() == epoch);
            check(prepared != null, "I1 ended without a durable PREPARE ", command);
            checkMarked(prepared, "commit returned and not visible: ");
        }
    }

    private void checkMarked(Txn prepared, String promise) {
        boolean commit = prepared.phase() == TxnPhase.PREPARE_COMMIT;
        for (TopicPartition partition : prepared.partitions()) {
            check(partitions.get(partition).marked(prepared.producerId(), prepared.producerEpoch(), commit),
                promise, prepared);
        }
    }

    /** The latest durable state of the id that passes. */
    private Txn durable(String id, Predicate<Txn> test) {
        for (long offset = journal.durableOffset() - 1; offset >= 0; offset--) {
            if (journal.read(offset) instanceof TxnChanged changed && changed.transactionalId().equals(id)
                && test.test(changed.txn())) {
                return changed.txn();
            }
        }
        return null;
    }

    private void followAll() {
        while (checkedOffset < journal.endOffset()) follow(true);
        check(shadow.digest() == shard.digest(), "I2 the live state is not the fold of the journal");
        if (sabotage == Sabotage.NONE) check(shadow.duties().equals(shard.duties()),
            "I2 the live duties are not those of the journal");
    }

    /**
     * One more event of the journal: allowed here (I8), rightly complete (I6), and the fold as it was before
     * a crash (I2).
     */
    private void follow(boolean live) {
        TxnEvent event = journal.read(checkedOffset);
        if (live) tell("journal", checkedOffset, event);
        Txn before = journalled.get(event.transactionalId());
        if (event instanceof TxnChanged changed) {
            Txn txn = changed.txn();
            check(before == null ? txn.phase() == TxnPhase.EMPTY : before.phase().mayBecome(txn.phase()),
                "I8 ", before, " then ", txn);
            if (before != null && before.producerId() == txn.producerId()) {
                check(txn.producerEpoch() >= before.producerEpoch(), "I3 the epoch falls: ", before, " then ",
                    txn);
            }
            if (txn.phase().complete()) checkMarked(before, "I6 complete without every marker: ");
            if (live && txn.phase().prepared()) decisions++;
            journalled.put(txn.transactionalId(), txn);
        } else {
            journalled.remove(event.transactionalId());
        }
        shadow.evolve(event, checkedOffset);
        StringBuilder owed = new StringBuilder();
        for (MarkerDuty duty : shadow.duties()) owed.append(duty.key()).append(duty.commit())
            .append(duty.partitions());
        int offset = (int) checkedOffset++;
        if (digests.size() > offset) {
            check(digests.get(offset) == shadow.digest(), "I2 another state after reload at ", offset);
            check(duties.get(offset).contentEquals(owed), "I2 other duties after reload at ", offset);
        } else {
            digests.add(shadow.digest());
            duties.add(owed.toString());
        }
    }

    /** Nothing fails any more: within bounded time nothing is owed, nobody waits, nothing is left open. */
    private void heal() {
        journal.failing = false;
        for (int round = 0; round < 200; round++) {
            journal.force();
            host.durable(nowMs);
            while (!carried.isEmpty()) {
                Carried next = carried.remove(0);
                for (TopicPartition partition : next.duty.partitions()) partitions.get(partition)
                    .mark(next.duty);
                next.outcome.settle(new MarkersWritten(next.duty.transactionalId(), next.duty.restsOn()),
                    nowMs);
            }
            pass(100);
            followAll();
            if (round > 60 && journal.durableOffset() == journal.endOffset()
                && shard.duties().isEmpty()) break;
        }
        check(host.parkedCount() == 0, "somebody waits for ever");
        for (Sent request : sent) check(request.answers == 1, request.answers, " answers to ",
            request.command);
        for (Txn txn : journalled.values()) check(txn.phase() == TxnPhase.EMPTY || txn.phase().complete(),
            "left behind: ", txn);
        TreeMap<String, List<Boolean>> outcomes = new TreeMap<>();
        partitions.values().forEach(partition -> partition.outcomes(outcomes));
        outcomes.forEach((label, ends) -> {
            check(!(ends.contains(true) && ends.contains(false)), "torn: ", label, " ", ends);
            if (told.containsKey(label)) check(ends.contains(told.get(label)), label, " was told ",
                told.get(label), " and got ", ends);
        });
    }
}
