package io.semel.broker.partition;

import io.semel.kernel.law.Duty;
import io.semel.kernel.law.Gate;
import io.semel.kernel.law.Journal;
import io.semel.kernel.law.Shard;
import io.semel.kernel.law.ShardHost;
import io.semel.kernel.law.Unwritable;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.wire.batch.BatchBuilder;
import io.semel.wire.batch.BatchCheck.Problem;
import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.EventCodec;
import io.semel.wire.batch.Marker;
import io.semel.wire.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard with its host, its journal on a partition and the codec between them. Replay decodes the
 * partition's records into the shard's events: the same fold for start-up and for reload. Owned by the
 * partition's lane once bound.
 */
public final class ShardRoom<C, E, R> implements Room {
    private static final Logger LOG = LoggerFactory.getLogger(ShardRoom.class);
    private final Shard<C, E, R> shard;
    private final EventCodec<E> codec;
    private final ShardHost.Carrier<C> carrier;
    private final World world;
    private final LongConsumer onDurable;
    private final RecordCursor records = new RecordCursor();
    private ShardHost<C, E, R> host;
    private Partition partition;

    public ShardRoom(World world, Shard<C, E, R> shard, EventCodec<E> codec, ShardHost.Carrier<C> carrier) {
        this(world, shard, codec, carrier, offset -> { });
    }

    /** @param onDurable told how far the journal is durable, before anything that rested on it leaves */
    public ShardRoom(World world, Shard<C, E, R> shard, EventCodec<E> codec, ShardHost.Carrier<C> carrier,
            LongConsumer onDurable) {
        this.onDurable = onDurable;
        this.world = world;
        this.shard = shard;
        this.codec = codec;
        this.carrier = carrier;
    }

    @Override
    public void replay(BatchHeader batch) {
        if (batch.isControl()) {
            E event = markerEvent(batch);
            if (event != null) shard.evolve(event, batch.baseOffset());
            return;
        }
        records.open(batch);
        while (records.next()) {
            E event = codec.decode(batch, records.key(), records.value());
            if (event != null) shard.evolve(event, records.offset());
        }
        Problem problem = records.problem();
        records.close();
        if (problem != Problem.NONE) {
            throw new DiskFailure("the journal's batch at offset " + batch.baseOffset()
                    + " cannot be read: " + problem, null);
        }
    }

    @Override
    public byte[] state() {
        return RoomState.write(shard, codec);
    }

    @Override
    public boolean restore(byte[] state) {
        return RoomState.read(state, this::replay);
    }

    @Override
    public void bind(Partition home) {
        this.partition = home;
        Gate gate = new Gate(home.durableOffset(), world.sabotaged(Saboteur.REPLY_EARLY));
        this.host = new ShardHost<>(shard, new PartitionJournal(), gate, this::carry,
                world.sabotaged(Saboteur.DUTY_EARLY));
        durable(world.clock().nowMs());
    }

    /**
     * An outcome comes back by mail of its own: a duty that failed rests now, and nobody else sets the alarm
     * for its next try.
     */
    private void carry(Duty duty, ShardHost.Outcome<C> outcome) {
        carrier.carry(duty, (command, nowMs) -> {
            outcome.settle(command, nowMs);
            partition.armTimer();
        });
    }

    /** Decides a command on this lane; {@code asker} is called on this lane. */
    public void submit(C command, Consumer<R> asker) {
        host.submit(command, asker, world.clock().nowMs());
        partition.armTimer();
    }

    @Override
    public void marked(BatchHeader marker, boolean commit, long nowMs) {
        E event = codec.marker(marker, commit);
        if (event != null) host.folded(event, marker.baseOffset(), nowMs);
    }

    @Override
    public void durable(long nowMs) {
        onDurable.accept(partition.durableOffset());
        host.durable(nowMs);
    }

    @Override
    public void tick(long nowMs) {
        host.tick(nowMs);
    }

    @Override
    public long nextDeadlineMs() {
        return host.nextDeadlineMs();
    }

    @Override
    public void close() {
        if (host != null) host.close();
    }

    public Shard<C, E, R> shard() {
        return shard;
    }

    public R unavailable() {
        return shard.unavailable();
    }

    private E markerEvent(BatchHeader batch) {
        Marker marker = Marker.read(batch);
        return marker == null ? null : codec.marker(batch, marker.commit());
    }

    /** The partition as this shard's journal: one batch for one decision. */
    private final class PartitionJournal implements Journal<E> {
        @Override
        public long append(List<E> events) {
            return partition.appendOwn(batchOf(events));
        }

        @Override
        public void hasten() {
            partition.hasten();
        }

        /** @throws Unwritable the codec cannot write one of them down */
        private ByteBuffer batchOf(List<E> events) {
            E first = events.get(0);
            long nowMs = world.clock().nowMs();
            BatchBuilder builder = new BatchBuilder();
            try {
                long producerId = codec.producerId(first);
                if (producerId >= 0) builder.producer(producerId, codec.producerEpoch(first), -1)
                        .transactional(true);
                for (E event : events) builder.add(nowMs, codec.key(event), codec.value(event));
                return builder.build();
            } catch (RuntimeException defect) {
                LOG.error("{}: {} cannot be written down; the request that led to it is refused",
                        partition.name(), first.getClass().getSimpleName(), defect);
                throw new Unwritable("an event cannot be written down: " + defect.getMessage(), defect);
            }
        }

        @Override
        public long endOffset() {
            return partition.endOffset();
        }

        @Override
        public long durableOffset() {
            return partition.durableOffset();
        }
    }
}
