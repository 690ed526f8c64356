package io.semel.broker.courier;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.partition.Rooms;
import io.semel.kernel.lane.Lane;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * Gives out producer ids, from blocks that the catalogue has durably set aside: an id is never given twice,
 * over any restart. Asked from any lane; its state is owned by the catalogue's lane.
 */
public final class ProducerIds {
    private static final int BLOCK = 1000;
    public static final TopicPartition JOURNAL = new TopicPartition(Catalogue.CATALOGUE, 0);

    private record Asker(Lane home, LongConsumer reply) {
    }

    private final Rooms rooms;
    private final Lane lane;
    private final ArrayDeque<Asker> waiting = new ArrayDeque<>();
    private long next;
    private long end;

    public ProducerIds(Rooms rooms) {
        this.rooms = rooms;
        this.lane = rooms.laneOf(JOURNAL);
    }

    /** A producer id never given before, on {@code home}; -1 when the catalogue cannot write. */
    public void fresh(Lane home, LongConsumer reply) {
        lane.post(() -> {
            waiting.add(new Asker(home, reply));
            if (waiting.size() == 1) serve();
        });
    }

    private void serve() {
        while (!waiting.isEmpty() && next < end) answer(next++);
        if (waiting.isEmpty()) return;
        CatalogueReply unavailable = new CatalogueReply.Refused(ErrorCode.KAFKA_STORAGE_ERROR, "");
        CatalogueCommand command = new CatalogueCommand.AllocateProducerIds(BLOCK);
        rooms.askShard(JOURNAL, command, unavailable, lane, this::allocated);
    }

    private void allocated(CatalogueReply reply) {
        if (reply instanceof CatalogueReply.ProducerIds ids) {
            next = ids.first();
            end = ids.first() + ids.count();
            serve();
            return;
        }
        while (!waiting.isEmpty()) answer(-1);
    }

    private void answer(long producerId) {
        Asker asker = waiting.poll();
        asker.home.post(() -> asker.reply.accept(producerId));
    }
}
