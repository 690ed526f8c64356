package io.semel.broker.catalogue;

import io.semel.broker.config.GroupConfig;
import io.semel.kernel.law.Decision;
import io.semel.kernel.law.Shard;
import io.semel.wire.error.ErrorCode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The catalogue as a room: topics and producer ids. Owned by the lane of its journal; desks see {@link
 * #durableView}.
 */
public final class CatalogueShard implements Shard<CatalogueCommand, CatalogueEvent, CatalogueReply> {
    /** A view and the offset of the event that made it. */
    private record Stamped(Catalogue view, long offset) {
    }

    private final int topicsMax;
    private final int partitionsMax;
    private final GroupConfig groupConfig;
    private final ArrayDeque<Stamped> undurable = new ArrayDeque<>();
    private final SortedMap<String, Burial> owed = new TreeMap<>();
    private final Catalogue initial;
    private Catalogue now;
    private Catalogue durable;
    private long nextProducerId;

    /** @param groupConfig what settings of groups may be */
    public CatalogueShard(int internalPartitions, int topicsMax, int partitionsMax,
            GroupConfig groupConfig) {
        this.groupConfig = groupConfig;
        this.topicsMax = topicsMax;
        this.partitionsMax = partitionsMax;
        this.initial = Catalogue.initial(internalPartitions);
        this.now = initial;
        this.durable = now;
    }

    @Override
    public Decision<CatalogueEvent, CatalogueReply> decide(CatalogueCommand command, long nowMs) {
        return command.askOf(new CatalogueRules(now, nextProducerId, topicsMax, partitionsMax, groupConfig,
                nowMs)).decision();
    }

    @Override
    public void evolve(CatalogueEvent event, long offset) {
        if (event instanceof CatalogueEvent.TopicSet set) now = now.with(set.topic());
        else if (event instanceof CatalogueEvent.TopicRemoved removed) now = now.without(removed.name());
        else if (event instanceof CatalogueEvent.TopicDoomed doomed) doom(doomed.topic(), offset);
        else if (event instanceof CatalogueEvent.TopicBuried buried) bury(buried.name());
        else if (event instanceof CatalogueEvent.BrokerConfigsSet set) {
            now = now.withBrokerConfigs(set.entity(), set.configs());
        } else if (event instanceof CatalogueEvent.GroupConfigsSet set) {
            now = now.withGroupConfigs(set.groupId(), set.configs());
        } else if (event instanceof CatalogueEvent.ProducerIdsTaken taken) nextProducerId = taken.next();
        undurable.add(new Stamped(now, offset));
    }

    private void doom(Topic topic, long offset) {
        now = now.withDoomed(topic);
        owed.put(topic.name(), new Burial(topic, offset));
    }

    private void bury(String name) {
        now = now.withoutDoomed(name);
        owed.remove(name);
    }

    @Override
    public Object wakes(CatalogueEvent event) {
        return event instanceof CatalogueEvent.TopicBuried buried ? buried.name() : null;
    }

    @Override
    public List<Burial> duties() {
        return List.copyOf(owed.values());
    }

    /** The newest view whose every event lies below {@code durableOffset} (I1). */
    public Catalogue durableView(long durableOffset) {
        while (!undurable.isEmpty() && undurable.peek().offset < durableOffset) durable = undurable.poll()
                .view;
        return durable;
    }

    /** Internal topics only where they differ from what every broker begins with. */
    @Override
    public void restate(Restating<CatalogueEvent> into) {
        long place = 0;
        for (Topic topic : now.topics()) {
            boolean asAtFirst = topic.equals(initial.topic(topic.name()));
            if (!asAtFirst) into.event(new CatalogueEvent.TopicSet(topic), place++);
        }
        for (Map.Entry<String, Map<String, String>> of : now.brokerConfigs().entrySet()) {
            into.event(new CatalogueEvent.BrokerConfigsSet(of.getKey(), of.getValue()), place++);
        }
        for (Map.Entry<String, Map<String, String>> of : now.groupConfigs().entrySet()) {
            into.event(new CatalogueEvent.GroupConfigsSet(of.getKey(), of.getValue()), place++);
        }
        if (nextProducerId > 0) into.event(new CatalogueEvent.ProducerIdsTaken(nextProducerId), place);
        for (Burial burial : owed.values()) {
            into.event(new CatalogueEvent.TopicDoomed(burial.topic()), burial.restsOn());
        }
    }

    @Override
    public CatalogueReply unavailable() {
        return new CatalogueReply.Refused(ErrorCode.KAFKA_STORAGE_ERROR,
                "The catalogue's journal failed: restart the broker.");
    }

    @Override
    public long digest() {
        long digest = nextProducerId;
        for (Topic topic : now.topics()) digest = digest * 31 + topic.hashCode();
        for (Topic topic : now.doomed()) digest = digest * 31 + topic.hashCode();
        digest = digest * 31 + now.brokerConfigs().hashCode();
        digest = digest * 31 + now.groupConfigs().hashCode();
        return digest;
    }
}
