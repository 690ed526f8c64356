package io.semel.txn;

import io.semel.txn.TxnCommand.End;
import io.semel.txn.TxnCommand.Enlist;
import io.semel.txn.TxnCommand.InitProducerId;
import io.semel.txn.TxnCommand.Verify;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Enlisted;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnReply.Rejected;
import io.semel.txn.TxnReply.Verified;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A producer of one version as it behaves: one request at a time, repeated until it is answered for good. */
final class TxnClient {
    private enum State { NEW, IDLE, OPEN, DEAD }

    private final TxnWorld world;
    private final int number;
    private final String id;
    private final boolean version2;
    private final Random random;
    private final List<TopicPartition> enlisted = new ArrayList<>();
    private State state = State.NEW;
    private long producerId = -1;
    private short epoch = -1;
    private TxnCommand pending;
    private long listening;
    private boolean waiting;
    private int transactions;

    TxnClient(TxnWorld world, int number, String id, boolean version2, Random random) {
        this.world = world;
        this.number = number;
        this.id = id;
        this.version2 = version2;
        this.random = random;
    }

    void act() {
        if (state == State.DEAD) return;
        if (waiting && random.nextInt(10) > 0) return;
        if (pending == null) pending = next();
        if (pending == null) return;
        waiting = true;
        long ear = ++listening;
        TxnCommand asked = pending;
        world.ask(asked, reply -> {
            if (ear == listening) hear(asked, reply);
        });
    }

    private String label() {
        return id + " client " + number + " transaction " + transactions;
    }

    private TxnCommand next() {
        return switch (state) {
            case NEW -> new InitProducerId(id, 3_000, -1, (short) -1, -1, false, false);
            case IDLE -> begin();
            case OPEN -> proceed();
            case DEAD -> null;
        };
    }

    private TxnCommand begin() {
        if (random.nextInt(12) == 0) return new InitProducerId(id, 3_000, producerId, epoch, -1, false,
            false);
        transactions++;
        enlisted.clear();
        state = State.OPEN;
        return version2 && random.nextInt(10) == 0 ? end(false) : enlist();
    }

    private Enlist enlist() {
        return new Enlist(id, producerId, epoch, List.of(world.anyPartition()), version2);
    }

    private End end(boolean commit) {
        return new End(id, producerId, epoch, commit, version2, -1);
    }

    private TxnCommand proceed() {
        int dice = random.nextInt(10);
        if (dice < 4) return enlist();
        if (dice < 6) {
            TopicPartition partition = enlisted.get(random.nextInt(enlisted.size()));
            if (!version2) return new Verify(id, producerId, epoch, partition);
            write(partition);
            return null;
        }
        return end(random.nextInt(3) > 0);
    }

    private void write(TopicPartition partition) {
        if (!world.write(partition, producerId, epoch, label())) state = State.DEAD;
    }

    private void hear(TxnCommand asked, TxnReply reply) {
        waiting = false;
        if (reply instanceof Rejected rejected) {
            boolean again = rejected.error() == ErrorCode.CONCURRENT_TRANSACTIONS
                || rejected.error() == ErrorCode.COORDINATOR_NOT_AVAILABLE;
            if (!again) state = State.DEAD;
            return;
        }
        pending = null;
        if (reply instanceof Initialised initialised) hold(initialised.producerId(), initialised.epoch());
        else if (reply instanceof Ended ended) {
            world.told(label(), ((End) asked).commit());
            hold(ended.producerId(), ended.epoch());
        } else if (reply instanceof Enlisted) {
            TopicPartition partition = ((Enlist) asked).partitions().iterator().next();
            if (!enlisted.contains(partition)) enlisted.add(partition);
            write(partition);
        } else if (reply instanceof Verified) {
            write(((Verify) asked).partition());
        }
    }

    private void hold(long newProducerId, short newEpoch) {
        producerId = newProducerId;
        epoch = newEpoch;
        state = State.IDLE;
        world.holds(number, id, producerId, epoch);
    }
}
