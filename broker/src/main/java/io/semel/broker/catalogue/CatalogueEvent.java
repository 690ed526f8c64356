package io.semel.broker.catalogue;

import java.util.Map;

/** What happened to the catalogue. */
public sealed interface CatalogueEvent {
    /** A topic is there, new or changed. */
    record TopicSet(Topic topic) implements CatalogueEvent {
    }

    record TopicRemoved(String name) implements CatalogueEvent {
    }

    /** A removed topic has left files behind; follows its {@link TopicRemoved} in the same unit. */
    record TopicDoomed(Topic topic) implements CatalogueEvent {
    }

    /** Nothing of a removed topic is left. */
    record TopicBuried(String name) implements CatalogueEvent {
    }

    /** The broker's own settings as altered at run time; {@code entity} is a node id, or empty for all. */
    record BrokerConfigsSet(String entity, Map<String, String> configs) implements CatalogueEvent {
    }

    /** A group's settings; empty when it has none any more, which is a tombstone. */
    record GroupConfigsSet(String groupId, Map<String, String> configs) implements CatalogueEvent {
    }

    /** Every producer id below {@code next} may have been given out. */
    record ProducerIdsTaken(long next) implements CatalogueEvent {
    }
}
