package io.semel.broker.catalogue;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What can be asked of the catalogue. A sealed command dispatches itself, so that a forgotten one does not
 * compile.
 */
public sealed interface CatalogueCommand {
    CatalogueDecision askOf(CatalogueRules rules);

    /** @param freshId drawn by the asker; {@code validateOnly} says what would happen */
    record CreateTopic(String name, UUID freshId, int partitions, Map<String, String> configs,
            boolean validateOnly)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.create(this);
        }
    }

    /** By name, or by id when {@code name} is null. */
    record DeleteTopic(String name, UUID id) implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.delete(this);
        }
    }

    /** Answered when nothing of a deleted topic is left, or when that takes long. */
    record AwaitBurial(Topic topic) implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.awaitBurial(this);
        }
    }

    /** Nothing of a deleted topic is left: the outcome of {@link Burial}. */
    record Bury(String name, UUID id) implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.bury(this);
        }
    }

    /** @param placed for how many partitions the client named the brokers itself, if it did */
    record AddPartitions(String name, int partitionsTotal, boolean validateOnly, OptionalInt placed)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.addPartitions(this);
        }
    }

    /** Changes settings of a topic, all of them or none. */
    record AlterConfigs(String name, List<ConfigChange> changes, boolean validateOnly)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.alterConfigs(this);
        }
    }

    /** Puts a whole set of settings in the place of a topic's. */
    record ReplaceConfigs(String name, Map<String, String> configs, boolean validateOnly)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.replaceConfigs(this);
        }
    }

    /** Changes the broker's own settings; {@code entity} is a node id, or empty for all brokers (KIP-226). */
    record AlterBrokerConfigs(String entity, List<ConfigChange> changes, boolean validateOnly)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.alterBrokerConfigs(this);
        }
    }

    /** Puts a whole set of settings in the place of the broker's. */
    record ReplaceBrokerConfigs(String entity, Map<String, String> configs, boolean validateOnly)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.replaceBrokerConfigs(this);
        }
    }

    /** Changes settings of a group, all of them or none; the group need not be there. */
    record AlterGroupConfigs(String groupId, List<ConfigChange> changes, boolean validateOnly)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.alterGroupConfigs(this);
        }
    }

    /** Puts a whole set of settings in the place of a group's. */
    record ReplaceGroupConfigs(String groupId, Map<String, String> configs, boolean validateOnly)
            implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.replaceGroupConfigs(this);
        }
    }

    /** A block of producer ids never given out before. */
    record AllocateProducerIds(int count) implements CatalogueCommand {
        @Override
        public CatalogueDecision askOf(CatalogueRules rules) {
            return rules.allocate(this);
        }
    }
}
