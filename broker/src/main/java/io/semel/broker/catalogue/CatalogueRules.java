package io.semel.broker.catalogue;

import io.semel.broker.catalogue.CatalogueCommand.AddPartitions;
import io.semel.broker.catalogue.CatalogueCommand.AllocateProducerIds;
import io.semel.broker.catalogue.CatalogueCommand.AlterConfigs;
import io.semel.broker.catalogue.CatalogueCommand.AlterGroupConfigs;
import io.semel.broker.catalogue.CatalogueCommand.ReplaceConfigs;
import io.semel.broker.catalogue.CatalogueCommand.ReplaceBrokerConfigs;
import io.semel.broker.catalogue.CatalogueCommand.ReplaceGroupConfigs;
import io.semel.broker.catalogue.CatalogueCommand.AlterBrokerConfigs;
import io.semel.broker.catalogue.CatalogueCommand.AwaitBurial;
import io.semel.broker.catalogue.CatalogueCommand.Bury;
import io.semel.broker.catalogue.CatalogueCommand.CreateTopic;
import io.semel.broker.catalogue.CatalogueCommand.DeleteTopic;
import io.semel.broker.catalogue.CatalogueEvent.BrokerConfigsSet;
import io.semel.broker.catalogue.CatalogueEvent.GroupConfigsSet;
import io.semel.broker.catalogue.CatalogueEvent.ProducerIdsTaken;
import io.semel.broker.catalogue.CatalogueEvent.TopicBuried;
import io.semel.broker.catalogue.CatalogueEvent.TopicDoomed;
import io.semel.broker.catalogue.CatalogueEvent.TopicRemoved;
import io.semel.broker.catalogue.CatalogueEvent.TopicSet;
import io.semel.broker.config.GroupConfig;
import io.semel.broker.config.TopicConfig;
import io.semel.wire.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One method per command; reads the state it is given and changes nothing. */
final class CatalogueRules {
    /** Apache Kafka's own log, which tools take for one. */
    private static final String OF_KRAFT = "__cluster_metadata";
    /** How long somebody waits for a deleted topic's files to go. */
    private static final long BURIAL_MS = 5_000;
    /** I14: a setting may name a group that is not there. */
    private static final int GROUPS_SET_MAX = 10_000;

    private final Catalogue now;
    private final long nextProducerId;
    private final int topicsMax;
    private final int partitionsMax;
    private final GroupConfig groupConfig;
    private final long nowMs;

    CatalogueRules(Catalogue now, long nextProducerId, int topicsMax, int partitionsMax,
            GroupConfig groupConfig, long nowMs) {
        this.groupConfig = groupConfig;
        this.nowMs = nowMs;
        this.now = now;
        this.nextProducerId = nextProducerId;
        this.topicsMax = topicsMax;
        this.partitionsMax = partitionsMax;
    }

    CatalogueDecision create(CreateTopic command) {
        String badName = Topic.nameProblem(command.name());
        if (badName != null) return CatalogueDecision.refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, badName);
        if (command.name().equals(OF_KRAFT)) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_REQUEST, "Creation of internal topic "
                    + OF_KRAFT + " is prohibited.");
        }
        if (now.topic(command.name()) != null) {
            return CatalogueDecision.refuse(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + command.name()
                    + "' already exists.");
        }
        String clash = clashOf(command.name());
        if (clash != null) return CatalogueDecision.refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, clash);
        if (command.partitions() <= 0) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_PARTITIONS,
                    "Number of partitions must be larger than 0.");
        }
        if (now.doomed(command.name()) != null) {
            return CatalogueDecision.await(command.name(), nowMs + BURIAL_MS, new CatalogueReply.Refused(
                    ErrorCode.REQUEST_TIMED_OUT, "Topic '" + command.name()
                            + "' was deleted and its files are not gone yet."));
        }
        CatalogueDecision full = refuseWhenFull(now.topics().size() + 1, command.partitions());
        if (full != null) return full;
        CatalogueDecision badConfig = refuseBadConfig(command.configs());
        if (badConfig != null) return badConfig;
        Topic topic = new Topic(command.name(), command.freshId(), command.partitions(), command.configs());
        if (command.validateOnly()) return CatalogueDecision.unchanged(topic);
        return CatalogueDecision.write(new TopicSet(topic), new CatalogueReply.Done(topic));
    }

    CatalogueDecision delete(DeleteTopic command) {
        Topic topic = command.name() != null ? now.topic(command.name()) : now.topic(command.id());
        if (topic == null) {
            return command.name() != null
                    ? CatalogueDecision.refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '"
                            + command.name() + "'.")
                    : CatalogueDecision.refuse(ErrorCode.UNKNOWN_TOPIC_ID, "There is no topic of id "
                            + command.id() + ".");
        }
        if (topic.isInternal()) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_TOPIC_EXCEPTION, "'" + topic.name()
                    + "' is internal and stays.");
        }
        return CatalogueDecision.write(List.of(new TopicRemoved(topic.name()), new TopicDoomed(topic)),
                new CatalogueReply.Done(topic));
    }

    CatalogueDecision awaitBurial(AwaitBurial command) {
        Topic doomed = now.doomed(command.topic().name());
        CatalogueReply done = new CatalogueReply.Done(command.topic());
        if (doomed == null || !doomed.id().equals(command.topic()
                .id())) return CatalogueDecision.unchanged(command.topic());
        return CatalogueDecision.await(doomed.name(), nowMs + BURIAL_MS, done);
    }

    CatalogueDecision bury(Bury command) {
        Topic doomed = now.doomed(command.name());
        CatalogueReply done = new CatalogueReply.Done(doomed);
        if (doomed == null || !doomed.id().equals(command.id())) return CatalogueDecision.unchanged(doomed);
        return CatalogueDecision.write(new TopicBuried(command.name()), done);
    }

    CatalogueDecision addPartitions(AddPartitions command) {
        Topic topic = now.topic(command.name());
        if (topic == null) return unknown(command.name());
        if (topic.isInternal()) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_REQUEST, "'" + topic.name()
                    + "' is internal: its count is fixed.");
        }
        int added = command.partitionsTotal() - topic.partitions();
        if (added <= 0) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_PARTITIONS, "The topic " + topic.name()
                    + " currently has "
                    + topic.partitions() + " partition(s); " + command.partitionsTotal()
                            + " would not be an increase.");
        }
        if (command.placed().orElse(added) != added) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_REPLICA_ASSIGNMENT, added
                    + " partition(s) are to be added and " + command.placed().getAsInt() + " are assigned.");
        }
        CatalogueDecision full = refuseWhenFull(now.topics().size(), added);
        if (full != null) return full;
        Topic grown = new Topic(topic.name(), topic.id(), command.partitionsTotal(), topic.configs());
        if (command.validateOnly()) return CatalogueDecision.unchanged(grown);
        return CatalogueDecision.write(new TopicSet(grown), new CatalogueReply.Done(grown));
    }

    CatalogueDecision alterConfigs(AlterConfigs command) {
        Topic topic = now.topic(command.name());
        if (topic == null) return unknown(command.name());
        Map<String, String> configs = new TreeMap<>(topic.configs());
        for (ConfigChange change : command.changes()) {
            String problem = change.applyTo(configs, ConfigKeys.OF_TOPICS);
            if (problem != null) return CatalogueDecision.refuse(ErrorCode.INVALID_CONFIG, problem);
        }
        return setConfigs(topic, configs, command.validateOnly());
    }

    CatalogueDecision replaceConfigs(ReplaceConfigs command) {
        Topic topic = now.topic(command.name());
        return topic == null ? unknown(command.name())
                : setConfigs(topic, command.configs(), command.validateOnly());
    }

    private static CatalogueDecision setConfigs(Topic topic, Map<String, String> configs,
            boolean validateOnly) {
        CatalogueDecision badConfig = refuseBadConfig(configs);
        if (badConfig != null) return badConfig;
        Topic changed = new Topic(topic.name(), topic.id(), topic.partitions(), configs);
        if (validateOnly) return CatalogueDecision.unchanged(changed);
        return CatalogueDecision.write(new TopicSet(changed), new CatalogueReply.Done(changed));
    }

    CatalogueDecision alterBrokerConfigs(AlterBrokerConfigs command) {
        Map<String, String> configs = new TreeMap<>(now.brokerConfigs(command.entity()));
        for (ConfigChange change : command.changes()) {
            String problem = change.applyTo(configs, ConfigKeys.OF_BROKERS);
            if (problem != null) return CatalogueDecision.refuse(ErrorCode.INVALID_REQUEST, problem);
        }
        return setBrokerConfigs(command.entity(), configs, command.validateOnly());
    }

    CatalogueDecision replaceBrokerConfigs(ReplaceBrokerConfigs command) {
        return setBrokerConfigs(command.entity(), command.configs(), command.validateOnly());
    }

    private static CatalogueDecision setBrokerConfigs(String entity, Map<String, String> configs,
            boolean validateOnly) {
        for (Map.Entry<String, String> entry : configs.entrySet()) {
            String problem = ConfigKeys.OF_BROKERS.problem(entry.getKey(), entry.getValue());
            if (problem != null) return CatalogueDecision.refuse(ErrorCode.INVALID_REQUEST, problem);
        }
        CatalogueReply done = new CatalogueReply.Changed();
        if (validateOnly) return CatalogueDecision.reply(done);
        return CatalogueDecision.write(new BrokerConfigsSet(entity, configs), done);
    }

    CatalogueDecision alterGroupConfigs(AlterGroupConfigs command) {
        Map<String, String> configs = new TreeMap<>(now.groupConfigs(command.groupId()));
        for (ConfigChange change : command.changes()) {
            String problem = change.applyTo(configs, ConfigKeys.OF_GROUPS);
            if (problem != null) return CatalogueDecision.refuse(ErrorCode.INVALID_CONFIG, problem);
        }
        return setGroupConfigs(command.groupId(), configs, command.validateOnly());
    }

    CatalogueDecision replaceGroupConfigs(ReplaceGroupConfigs command) {
        return setGroupConfigs(command.groupId(), command.configs(), command.validateOnly());
    }

    private CatalogueDecision setGroupConfigs(String groupId, Map<String, String> configs,
            boolean validateOnly) {
        if (groupId.isEmpty()) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_REQUEST,
                    "Default group resources are not allowed.");
        }
        String problem = groupConfig.problem(configs);
        if (problem != null) return CatalogueDecision.refuse(ErrorCode.INVALID_CONFIG, problem);
        boolean full = !now.groupConfigs().containsKey(groupId) && !configs.isEmpty()
                && now.groupConfigs().size() >= GROUPS_SET_MAX;
        if (full) {
            return CatalogueDecision.refuse(ErrorCode.POLICY_VIOLATION, "At most " + GROUPS_SET_MAX
                    + " groups have settings of their own.");
        }
        CatalogueReply done = new CatalogueReply.Changed();
        if (validateOnly || configs.equals(now.groupConfigs(groupId))) return CatalogueDecision.reply(done);
        return CatalogueDecision.write(new GroupConfigsSet(groupId, configs), done);
    }

    CatalogueDecision allocate(AllocateProducerIds command) {
        return CatalogueDecision.write(new ProducerIdsTaken(nextProducerId + command.count()),
                new CatalogueReply.ProducerIds(nextProducerId, command.count()));
    }

    private static CatalogueDecision unknown(String name) {
        return CatalogueDecision.refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + name
                + "'.");
    }

    private CatalogueDecision refuseWhenFull(int topics, int partitionsAdded) {
        if (topics > topicsMax) {
            return CatalogueDecision.refuse(ErrorCode.POLICY_VIOLATION, "This broker holds at most "
                    + topicsMax + " topics.");
        }
        if (now.partitionCount() + (long) partitionsAdded > partitionsMax) {
            return CatalogueDecision.refuse(ErrorCode.INVALID_PARTITIONS, "This broker holds at most "
                    + partitionsMax
                    + " partitions and has " + now.partitionCount() + ".");
        }
        return null;
    }

    private static CatalogueDecision refuseBadConfig(Map<String, String> configs) {
        for (Map.Entry<String, String> entry : configs.entrySet()) {
            String problem = TopicConfig.problem(entry.getKey(), entry.getValue());
            if (problem != null) return CatalogueDecision.refuse(ErrorCode.INVALID_CONFIG, problem);
        }
        String conflict = TopicConfig.conflict(configs);
        return conflict == null ? null : CatalogueDecision.refuse(ErrorCode.INVALID_CONFIG, conflict);
    }

    private String clashOf(String name) {
        if (name.indexOf('.') < 0 && name.indexOf('_') < 0) return null;
        String flat = name.replace('.', '_');
        for (Topic topic : now.topics()) {
            if (topic.name().replace('.', '_').equals(flat)) {
                return "Topic '" + name + "' collides with existing topic: " + topic.name();
            }
        }
        return null;
    }
}
