package io.semel.broker.desk;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.CatalogueReply;
import io.semel.broker.catalogue.Topic;
import io.semel.broker.partition.Rooms;
import io.semel.group.assign.TopicView;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.Published;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/** What desks know of topics: the durable view, and the way to change it. Any lane. */
public final class Topics {
    private static final TopicPartition JOURNAL = new TopicPartition(Catalogue.CATALOGUE, 0);
    private static final CatalogueReply UNAVAILABLE = new CatalogueReply.Refused(
            ErrorCode.KAFKA_STORAGE_ERROR,
            "The catalogue's journal failed: see the broker's log, then restart it.");

    private final Published<Catalogue> view;
    private final Rooms rooms;
    private final int nodeId;

    public Topics(Published<Catalogue> view, Rooms rooms, int nodeId) {
        this.view = view;
        this.rooms = rooms;
        this.nodeId = nodeId;
    }

    Catalogue now() {
        return view.read();
    }

    /** What groups need to know of topics, as of now. */
    TopicView view() {
        return new CatalogueView(view.read());
    }

    Topic byName(String name) {
        return view.read().topic(name);
    }

    Topic byId(Uuid id) {
        return view.read().topic(Ids.ours(id));
    }

    /**
     * The topic a request means: by name, or by id where the name is empty (newer versions). Null when there
     * is none.
     */
    Topic find(String name, Uuid id) {
        return name != null && !name.isEmpty() ? byName(name) : byId(id);
    }

    /** How a name that no topic has is told of: one that no topic can have is not worth waiting for. */
    static ErrorCode unknown(String name) {
        return Topic.nameProblem(name) == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }

    /** A number that is in force for a topic; {@code unset} when it was set nowhere since the start. */
    long number(Topic topic, String key, long unset) {
        return now().number(topic, key, nodeId, unset);
    }

    boolean has(String topic, int partition) {
        Topic found = byName(topic);
        return found != null && partition >= 0 && partition < found.partitions();
    }

    void change(CatalogueCommand command, Lane home, Consumer<CatalogueReply> asker) {
        rooms.askShard(JOURNAL, command, UNAVAILABLE, home, asker);
    }
}
