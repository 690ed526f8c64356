package io.semel.it.sim;

import io.semel.sim.Dice;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * A transactional producer's life, in one of the two styles of real clients. INITIALISING: asks for an id
 * and epoch. ENLISTING (version 1 only), SENDING, OFFSETS, ENDING: one transaction. GIVING_UP: waits for
 * what is under way, then aborts. When it is refused or crashes it is OVER, and a new one under the same
 * transactional id does what is left.
 */
final class TransactionalProducer implements Outbox.Owner {
    private enum Phase { INITIALISING, ENLISTING, SENDING, OFFSETS, GIVING_UP, ENDING, OVER }

    private static final int TIMEOUT_MS = 3_000;

    private final Clients clients;
    private final String transactionalId;
    private final boolean versionTwo;
    private final Dice dice;
    private final BrokerLink link;
    private final Outbox outbox;
    private final Enlisting enlisting;
    /** Null for one that copies nothing. */
    private final Membership membership;
    private final Speaks speaks;
    private int transactionsToCome;
    private Phase phase = Phase.INITIALISING;
    private Unit unit;
    private Membership.Step step;
    private TransactionalProducer successor;
    private boolean bumpFirst;
    private long producerId = -1;
    private short epoch = -1;

    private TransactionalProducer(Clients clients, String transactionalId, boolean versionTwo, Dice dice,
            int transactions, Speaks speaks) {
        this.clients = clients;
        this.transactionalId = transactionalId;
        this.versionTwo = versionTwo;
        this.dice = dice;
        this.transactionsToCome = transactions;
        this.link = clients.link(transactionalId);
        int produceVersion = versionTwo ? dice.between(12, 13) : dice.between(7, 11);
        this.outbox = new Outbox(clients, dice, transactionalId, produceVersion, link, this);
        this.enlisting = new Enlisting(versionTwo, transactionalId, dice);
        this.speaks = speaks;
        this.membership = speaks == null ? null : speaks.member(clients, transactionalId, dice);
    }

    /** @param name tells contenders for one transactional id apart */
    static TransactionalProducer start(Clients clients, String name, String transactionalId,
            boolean versionTwo, int transactions) {
        return start(clients, name, transactionalId, versionTwo, transactions, null);
    }

    /** One whose transactions each copy a step of a chain that its group has assigned to it. */
    static TransactionalProducer copier(Clients clients, String transactionalId, boolean versionTwo,
            int transactions, Speaks speaks) {
        return start(clients, transactionalId, transactionalId, versionTwo, transactions, speaks);
    }

    private static TransactionalProducer start(Clients clients, String name, String transactionalId,
            boolean versionTwo, int transactions, Speaks speaks) {
        clients.busy++;
        Dice dice = clients.dice(name);
        TransactionalProducer producer = new TransactionalProducer(clients, transactionalId, versionTwo,
                dice, transactions, speaks);
        producer.initialise();
        return producer;
    }

    /** The client dies and, if it has transactions to come, is started again. */
    void crash() {
        if (phase != Phase.OVER) reborn();
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** The one that has taken its place, or itself. */
    TransactionalProducer current() {
        return successor == null ? this : successor.current();
    }

    private void reborn() {
        phase = Phase.OVER;
        link.close();
        if (membership != null) membership.crash();
        if (transactionsToCome == 0) {
            clients.busy--;
            return;
        }
        successor = new TransactionalProducer(clients, transactionalId, versionTwo, dice, transactionsToCome,
                speaks);
        clients.run.after(dice.between(1, 200), "reborn", successor::begin);
    }

    private void begin() {
        if (phase == Phase.INITIALISING) initialise();
    }

    private void initialise() {
        if (phase == Phase.OVER) return;
        phase = Phase.INITIALISING;
        InitProducerIdRequestData request = new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(TIMEOUT_MS);
        if (bumpFirst) request.setProducerId(producerId).setProducerEpoch(epoch);
        int version = versionTwo ? 5 : bumpFirst ? dice.between(3, 4) : dice.between(1, 4);
        ask(ApiKeys.INIT_PRODUCER_ID, version, request, response -> {
            InitProducerIdResponseData answer = (InitProducerIdResponseData) response;
            Errors error = Errors.forCode(answer.errorCode());
            if (error == Errors.NONE) {
                bumpFirst = false;
                adopt(answer.producerId(), answer.producerEpoch());
                next();
            } else if (Retry.helps(error)) {
                clients.later(dice, "init again", this::initialise);
            } else if (error == Errors.INVALID_PRODUCER_EPOCH || error == Errors.PRODUCER_FENCED) {
                reborn();
            } else {
                clients.history.complain(transactionalId + " got " + error + " for InitProducerId");
                reborn();
            }
        }, this::initialise);
    }

    private void adopt(long newProducerId, short newEpoch) {
        if (newProducerId == producerId && newEpoch < epoch) {
            clients.history.complain("I3 epoch of " + transactionalId + " falls to " + newEpoch + " from "
                    + epoch);
        }
        producerId = newProducerId;
        epoch = newEpoch;
        outbox.restart(producerId, epoch);
    }

    private void next() {
        if (phase == Phase.OVER) return;
        if (transactionsToCome == 0) {
            phase = Phase.OVER;
            clients.busy--;
            link.close();
            if (membership != null) membership.leave();
            return;
        }
        transactionsToCome--;
        if (membership == null) write();
        else membership.claim(this::copy);
    }

    private void copy(Membership.Step claimed) {
        if (phase == Phase.OVER) return;
        step = claimed;
        unit = clients.history.begin(transactionalId, true);
        Batch batch = new Batch(step.chain(), List.of(Chains.value(transactionalId, unit.number, step)));
        if (versionTwo) send(List.of(batch));
        else enlist(List.of(step.chain()), List.of(batch));
    }

    private void write() {
        unit = clients.history.begin(transactionalId, true);
        List<Batch> batches = new ArrayList<>();
        TreeSet<Integer> partitions = new TreeSet<>();
        for (int count = dice.between(1, 5); count > 0; count--) {
            Batch batch = new Batch(dice.below(clients.partitionCount), values(count));
            partitions.add(batch.partition);
            batches.add(batch);
        }
        unit.movesOffset = dice.percent(40);
        if (versionTwo) send(batches);
        else enlist(new ArrayList<>(partitions), batches);
    }

    private List<String> values(int batch) {
        List<String> values = new ArrayList<>();
        for (int index = dice.between(1, 3); index > 0; index--) {
            values.add(transactionalId + "-" + unit.number + "-" + batch + "-" + index);
        }
        return values;
    }

    private void enlist(List<Integer> partitions, List<Batch> batches) {
        if (phase == Phase.OVER) return;
        phase = Phase.ENLISTING;
        int count = dice.between(1, partitions.size());
        List<Integer> now = partitions.subList(0, count);
        ask(ApiKeys.ADD_PARTITIONS_TO_TXN, enlisting.partitionsVersion(),
                enlisting.partitions(producerId, epoch, now), response -> {
            Errors error = Enlisting.errorOfPartitions(response);
            if (error == Errors.NONE && count == partitions.size()) send(batches);
            else if (error == Errors.NONE) enlist(partitions.subList(count, partitions.size()), batches);
            else if (Retry.helps(error)) clients.later(dice, "enlist again", () ->
                    enlist(partitions, batches));
            else reborn();
        }, () -> enlist(partitions, batches));
    }

    private void send(List<Batch> batches) {
        if (phase == Phase.OVER) return;
        phase = Phase.SENDING;
        unit.batches.addAll(batches);
        batches.forEach(outbox::add);
        outbox.pump();
        if (dice.percent(15)) giveUp();
    }

    /** The application aborts: waits for the answers under way, sends nothing more. */
    private void giveUp() {
        phase = Phase.GIVING_UP;
        bumpFirst = outbox.giveUp() && !versionTwo;
    }

    @Override
    public void drained() {
        if (phase == Phase.GIVING_UP) {
            if (!outbox.isDrained()) bumpFirst = !versionTwo;
            end(false);
        } else if (phase == Phase.SENDING && outbox.isDrained()) {
            if (unit.movesOffset || step != null) moveOffset();
            else end(dice.percent(90));
        }
    }

    @Override
    public void refused(Errors error) {
        if (phase != Phase.SENDING) return;
        phase = Phase.GIVING_UP;
        bumpFirst = !versionTwo;
    }

    private void moveOffset() {
        if (phase == Phase.OVER) return;
        phase = Phase.OFFSETS;
        if (versionTwo) {
            commitOffset();
            return;
        }
        ask(ApiKeys.ADD_OFFSETS_TO_TXN, dice.between(0, 3), enlisting.group(producerId, epoch, step),
                response -> {
            Errors error = Enlisting.errorOfGroup(response);
            if (error == Errors.NONE) commitOffset();
            else if (Retry.helps(error)) clients.later(dice, "add offsets again", this::moveOffset);
            else reborn();
        }, this::moveOffset);
    }

    private void commitOffset() {
        if (phase == Phase.OVER) return;
        ask(ApiKeys.TXN_OFFSET_COMMIT, versionTwo ? 5 : 3, step == null
                ? enlisting.offset(producerId, epoch, unit.number)
                : enlisting.offset(producerId, epoch, step), response -> {
            Errors error = Enlisting.errorOfOffset(response);
            if (error == Errors.NONE) end(dice.percent(90));
            else if (Retry.helps(error)) clients.later(dice, "commit offset again", this::commitOffset);
            else if (isNoMember(error)) loseTheStep();
            else reborn();
        }, this::commitOffset);
    }

    private boolean isNoMember(Errors error) {
        return step != null && (error == Errors.ILLEGAL_GENERATION || error == Errors.UNKNOWN_MEMBER_ID
                || error == Errors.FENCED_INSTANCE_ID);
    }

    private void loseTheStep() {
        membership.fenced();
        end(false);
    }

    private void end(boolean commit) {
        phase = Phase.ENDING;
        if (commit) unit.fate = Fate.UNKNOWN;
        end(commit, false);
    }

    /** @param asked whether an earlier request may have been taken */
    private void end(boolean commit, boolean asked) {
        if (phase == Phase.OVER) return;
        EndTxnRequestData request = new EndTxnRequestData().setTransactionalId(transactionalId)
                .setProducerId(producerId)
                .setProducerEpoch(epoch).setCommitted(commit);
        ask(ApiKeys.END_TXN, versionTwo ? 5 : dice.between(1, 3), request, response -> {
            EndTxnResponseData answer = (EndTxnResponseData) response;
            Errors error = Errors.forCode(answer.errorCode());
            if (error == Errors.NONE) {
                unit.fate = commit ? Fate.COMMITTED : Fate.ABORTED;
                ended(answer);
            } else if (Retry.helps(error)) {
                clients.later(dice, "end again", () -> end(commit, true));
            } else {
                complainUnlessFenced(error, commit);
                if (!asked) unit.fate = Fate.ABORTED;
                reborn();
            }
        }, () -> end(commit, true));
    }

    /** Whatever takes a transaction away from its producer, the producer is told just that (KAFKA-20785). */
    private void complainUnlessFenced(Errors error, boolean commit) {
        if (error == Errors.PRODUCER_FENCED || error == Errors.INVALID_PRODUCER_EPOCH) return;
        clients.history.complain(this + " got " + error + " for " + (commit ? "a commit" : "an abort"));
    }

    private void ended(EndTxnResponseData answer) {
        if (step != null) membership.taken(step, unit.fate == Fate.COMMITTED);
        step = null;
        if (versionTwo && answer.producerId() >= 0) adopt(answer.producerId(), answer.producerEpoch());
        if (bumpFirst) initialise();
        else if (dice.percent(50)) next();
        else clients.later(dice, "next transaction", this::next);
    }

    private void ask(ApiKeys api, int version, ApiMessage body, Consumer<ApiMessage> got, Runnable again) {
        clients.run.trace().note(transactionalId + " " + producerId + "/" + epoch + " asks " + api, version,
                0);
        link.ask(api, version, body, new BrokerLink.Answer() {
            @Override
            public void got(ApiMessage response) {
                clients.run.trace().note(transactionalId + " " + producerId + "/" + epoch + " told "
                        + response, version, 0);
                got.accept(response);
            }

            @Override
            public void lost() {
                clients.later(dice, api + " again", again);
            }
        });
    }

    @Override
    public String toString() {
        return transactionalId + (versionTwo ? " (version 2) " : " (version 1) ") + phase + " " + producerId
                + "/" + epoch + ", "
                + transactionsToCome + " to come, " + unit;
    }
}
