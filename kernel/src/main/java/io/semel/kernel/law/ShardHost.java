package io.semel.kernel.law;

import io.semel.kernel.world.DiskFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Walks one shard and one journal through the law: decide, append, evolve, and when durable release. Owned by
 * one lane.
 *
 * <p>The owner tells it when the journal became more durable ({@link #durable}) and when
 * {@link #nextDeadlineMs()} has come ({@link #tick}). If the journal fails, the room is closed for good:
 * everything held or waiting is answered {@link Shard#unavailable()}, and its owner folds a new one from the
 * log (crash-only). What others hold at the gate is theirs. A full disk has taken nothing, and nothing has
 * evolved: that asker alone is told, the room goes on, and what time gives rests for {@link #DUTY_RETRY_MS}.
 * So it is with an event that cannot be written down ({@link Unwritable}).
 */
public final class ShardHost<C, E, R> {
    /** How long a duty that failed rests before it is carried again, in milliseconds. */
    public static final long DUTY_RETRY_MS = 50;

    /** Carries duties out of the room and comes back, on the room's lane, with their outcome. */
    public interface Carrier<C> {
        void carry(Duty duty, Outcome<C> outcome);
    }

    /**
     * Takes the command that settles a duty, or null when it failed and is to be carried again. Called once.
     */
    public interface Outcome<C> {
        void settle(C command, long nowMs);
    }

    /** Somebody who waits for a key. */
    private record Waiting<C, R>(C command, Consumer<R> asker, Object key, long untilMs, R late) {
    }

    /** What came back from a duty: the command that settles it, or null when it failed. */
    private record Settled<C>(Object key, C command, long nowMs) {
    }

    /** A reply on its way out; one object each, so that equal replies to equal askers are still two. */
    private static final class Answer<R> {
        private final Consumer<R> asker;
        private final R reply;

        Answer(Consumer<R> asker, R reply) {
            this.asker = asker;
            this.reply = reply;
        }
    }

    private final Shard<C, E, R> shard;
    private final Journal<E> journal;
    private final Gate gate;
    private final Carrier<C> carrier;
    private final boolean dutiesEarly;
    private final Map<Object, List<Waiting<C, R>>> parked = new LinkedHashMap<>();
    private final ArrayDeque<Waiting<C, R>> woken = new ArrayDeque<>();
    private final Set<Object> carrying = new LinkedHashSet<>();
    private final Map<Object, Long> resting = new LinkedHashMap<>();
    private final ArrayDeque<Settled<C>> settled = new ArrayDeque<>();
    private final Set<Answer<R>> held = new LinkedHashSet<>();
    /**
     * How far the journal was durable when duties were last handed out: none can have become due since,
     * unless {@link #mayOwe}.
     */
    private long handedOutAt = -1;
    private boolean mayOwe;
    private long evolved;
    private long dutyRetryMs = Long.MAX_VALUE;
    private long parkedUntilMs = Long.MAX_VALUE;
    private long fullUntilMs;
    private boolean waking;
    private boolean handingOut;
    private boolean closed;

    public ShardHost(Shard<C, E, R> shard, Journal<E> journal, Gate gate, Carrier<C> carrier) {
        this(shard, journal, gate, carrier, false);
    }

    /** @param dutiesEarly the saboteur "duty early": duties leave before they are durable */
    public ShardHost(Shard<C, E, R> shard, Journal<E> journal, Gate gate, Carrier<C> carrier,
                     boolean dutiesEarly) {
        this.shard = shard;
        this.journal = journal;
        this.gate = gate;
        this.carrier = carrier;
        this.dutiesEarly = dutiesEarly;
    }

    /** Decides a command; the asker is answered once, when everything the answer rests on is durable. */
    public void submit(C command, Consumer<R> asker, long nowMs) {
        if (closed) {
            asker.accept(shard.unavailable());
            return;
        }
        walk(command, asker, nowMs);
        wake(nowMs);
        carryDuties(nowMs);
    }

    /**
     * An event reached the journal by another door (a marker): it is folded here, and wakes whom it wakes.
     */
    public void folded(E event, long offset, long nowMs) {
        if (closed) return;
        evolve(event, offset);
        wake(nowMs);
        carryDuties(nowMs);
    }

    /** The journal became more durable: answers and duties that rested on it leave. */
    public void durable(long nowMs) {
        if (closed) return;
        gate.durable(journal.durableOffset());
        carryDuties(nowMs);
    }

    /**
     * Issues what time gives at {@code nowMs}: the shard's own time-out, expired waits, duties to try again.
     */
    public void tick(long nowMs) {
        if (closed) return;
        if (shard.nextDeadlineMs() <= nowMs && fullUntilMs <= nowMs) submit(shard.timeout(nowMs), ignored ->
                { }, nowMs);
        if (parkedUntilMs <= nowMs) expireParked(nowMs);
        if (dutyRetryMs <= nowMs) {
            endRest(nowMs);
            carryDuties(nowMs);
        }
    }

    /** When {@link #tick} is due next. */
    public long nextDeadlineMs() {
        if (closed) return Long.MAX_VALUE;
        long shardMs = Math.max(shard.nextDeadlineMs(), fullUntilMs);
        return Math.min(shardMs, Math.min(parkedUntilMs, dutyRetryMs));
    }

    /** Ends this room: everyone held or waiting is told that it is unavailable. */
    public void close() {
        if (closed) return;
        closed = true;
        List<Consumer<R>> askers = new ArrayList<>();
        for (Answer<R> answer : held) askers.add(answer.asker);
        for (Waiting<C, R> waiting : woken) askers.add(waiting.asker);
        parked.values().forEach(list -> list.forEach(waiting -> askers.add(waiting.asker)));
        held.clear();
        woken.clear();
        parked.clear();
        for (Consumer<R> asker : askers) asker.accept(shard.unavailable());
    }

    public Shard<C, E, R> shard() {
        return shard;
    }

    public boolean closed() {
        return closed;
    }

    public int parkedCount() {
        int count = woken.size();
        for (List<Waiting<C, R>> list : parked.values()) count += list.size();
        return count;
    }

    private void walk(C command, Consumer<R> asker, long nowMs) {
        Decision<E, R> decision = shard.decide(command, nowMs);
        if (!write(decision.events(), nowMs)) {
            asker.accept(shard.unavailable());
            return;
        }
        if (!decision.events().isEmpty()) journal.hasten();
        if (decision.parked()) {
            park(new Waiting<>(command, asker, decision.parkKey(), decision.parkUntilMs(), decision.reply()));
            return;
        }
        long restsOn = decision.restsOn() == Decision.RESTS_ON_ALL ? journal.endOffset() : decision.restsOn();
        release(restsOn, asker, decision.reply());
    }

    private void release(long restsOn, Consumer<R> asker, R reply) {
        Answer<R> answer = new Answer<>(asker, reply);
        held.add(answer);
        if (restsOn > journal.durableOffset()) journal.hasten();
        gate.hold(restsOn, () -> {
            if (held.remove(answer)) asker.accept(reply);
        });
    }

    private boolean write(List<E> events, long nowMs) {
        if (events.isEmpty()) return true;
        List<E> durable = new ArrayList<>(events.size());
        for (E event : events) if (shard.isDurable(event)) durable.add(event);
        long offset = journal.endOffset();
        if (!durable.isEmpty()) {
            try {
                offset = journal.append(durable);
            } catch (DiskFailure failure) {
                if (failure.full()) fullUntilMs = nowMs + DUTY_RETRY_MS;
                else close();
                return false;
            } catch (Unwritable refused) {
                fullUntilMs = nowMs + DUTY_RETRY_MS;
                return false;
            }
        }
        for (E event : events) evolve(event, shard.isDurable(event) ? offset++ : journal.endOffset());
        return true;
    }

    private void evolve(E event, long offset) {
        shard.evolve(event, offset);
        evolved++;
        mayOwe |= offset < journal.durableOffset() || !shard.isDurable(event);
        Object key = shard.wakes(event);
        List<Waiting<C, R>> waiting = key == null ? null : parked.remove(key);
        if (waiting != null) woken.addAll(waiting);
    }

    private void park(Waiting<C, R> waiting) {
        parked.computeIfAbsent(waiting.key, key -> new ArrayList<>()).add(waiting);
        parkedUntilMs = Math.min(parkedUntilMs, waiting.untilMs);
    }

    private void wake(long nowMs) {
        if (waking) return;
        waking = true;
        try {
            while (!woken.isEmpty()) {
                Waiting<C, R> waiting = woken.poll();
                walk(waiting.command, waiting.asker, nowMs);
            }
        } finally {
            waking = false;
        }
    }

    private void expireParked(long nowMs) {
        List<Waiting<C, R>> late = new ArrayList<>();
        parkedUntilMs = Long.MAX_VALUE;
        for (List<Waiting<C, R>> list : parked.values()) {
            for (Waiting<C, R> waiting : list) {
                if (waiting.untilMs <= nowMs) late.add(waiting);
                else parkedUntilMs = Math.min(parkedUntilMs, waiting.untilMs);
            }
            list.removeIf(waiting -> waiting.untilMs <= nowMs);
        }
        parked.values().removeIf(List::isEmpty);
        for (Waiting<C, R> waiting : late) release(journal.endOffset(), waiting.asker, waiting.late);
    }

    /**
     * Hands out what is owed; outcomes that come back meanwhile wait, so that a settled duty is never handed
     * out again.
     */
    private void carryDuties(long nowMs) {
        if (closed || handingOut) return;
        handingOut = true;
        try {
            do handOut();
            while (settleAll());
        } finally {
            handingOut = false;
        }
    }

    /**
     * Walks the duties only when one can have become due, so that a turn costs the same however many are on
     * their way.
     */
    private void handOut() {
        if (!mayOwe && !dutiesEarly && journal.durableOffset() == handedOutAt) return;
        mayOwe = false;
        handedOutAt = journal.durableOffset();
        for (Duty duty : List.copyOf(shard.duties())) {
            if (!dutiesEarly && duty.restsOn() >= journal.durableOffset()) {
                journal.hasten();
                continue;
            }
            if (resting.containsKey(duty.key()) || !carrying.add(duty.key())) continue;
            carrier.carry(duty, new OneOutcome(duty.key()));
        }
    }

    private boolean settleAll() {
        boolean any = false;
        while (!settled.isEmpty() && !closed) {
            settle(settled.poll());
            any = true;
        }
        return any && !closed;
    }

    /**
     * An outcome that changes nothing has settled nothing: should the duty still be listed, it rests as one
     * that failed. What it does change is in no hurry to be durable: were it lost, the duty would be owed
     * again, and whoever is answered by it makes haste himself.
     */
    private void settle(Settled<C> outcome) {
        carrying.remove(outcome.key);
        long before = evolved;
        if (outcome.command != null) {
            write(shard.decide(outcome.command, outcome.nowMs).events(), outcome.nowMs);
            wake(outcome.nowMs);
        }
        if (evolved > before || closed) return;
        resting.put(outcome.key, outcome.nowMs + DUTY_RETRY_MS);
        dutyRetryMs = Math.min(dutyRetryMs, outcome.nowMs + DUTY_RETRY_MS);
    }

    private void endRest(long nowMs) {
        resting.values().removeIf(untilMs -> untilMs <= nowMs);
        mayOwe = true;
        dutyRetryMs = Long.MAX_VALUE;
        for (long untilMs : resting.values()) dutyRetryMs = Math.min(dutyRetryMs, untilMs);
    }

    private final class OneOutcome implements Outcome<C> {
        private final Object key;
        private boolean known;

        OneOutcome(Object key) {
            this.key = key;
        }

        @Override
        public void settle(C command, long nowMs) {
            Invariant.check(!known, "I6 a duty has one outcome");
            known = true;
            if (closed) return;
            settled.add(new Settled<>(key, command, nowMs));
            if (handingOut) return;
            settleAll();
            carryDuties(nowMs);
        }
    }
}
