package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.BrokerKey;
import io.semel.broker.config.BrokerKeys;
import io.semel.broker.config.DynamicConfig;
import io.semel.broker.config.GroupConfig;
import io.semel.broker.config.TopicConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Which value of a setting is in force, and which others stand behind it, in Kafka's order: the topic's
 * own, the
 * node's altered at run time, all brokers' altered at run time, the one of the start, the default. Any lane.
 */
public final class SettingsInForce {
    /** Where a value comes from, in the protocol's numbers. */
    static final byte OF_TOPIC = 1;
    static final byte OF_NODE = 2;
    static final byte OF_ALL_BROKERS = 3;
    static final byte OF_START = 4;
    static final byte DEFAULT = 5;
    static final byte OF_GROUP = 8;

    /** A value under one name from one place. */
    record Value(String name, String value, byte source) {
    }

    private final Topics topics;
    private final BrokerConfig config;

    public SettingsInForce(Topics topics, BrokerConfig config) {
        this.topics = topics;
        this.config = config;
    }

    int nodeId() {
        return config.nodeId();
    }

    /** The values of a topic's setting, the one in force first; never empty. */
    List<Value> ofTopic(Topic topic, String key) {
        List<Value> values = new ArrayList<>();
        add(values, key, topic.configs().get(key), OF_TOPIC);
        String brokerKey = DynamicConfig.brokerKeyOf(key);
        if (brokerKey != null) values.addAll(ofBroker(BrokerKeys.of(brokerKey)));
        else add(values, key, TopicConfig.defaults().get(key), DEFAULT);
        return values;
    }

    /** The values of a broker's setting, the one in force first; empty when it has none. */
    List<Value> ofBroker(BrokerKey key) {
        String name = key.name();
        List<Value> values = new ArrayList<>();
        add(values, name, topics.now().brokerConfigs(Integer.toString(config.nodeId())).get(name), OF_NODE);
        add(values, name, topics.now().brokerConfigs("").get(name), OF_ALL_BROKERS);
        add(values, name, config.set().get(name), OF_START);
        if (!key.byDefault().isEmpty()) add(values, name, key.byDefault(), DEFAULT);
        return values;
    }

    /** The values of a group's setting, the one in force first; never empty. */
    List<Value> ofGroup(String groupId, GroupConfig.Key key) {
        List<Value> values = new ArrayList<>();
        add(values, key.name(), topics.now().groupConfigs(groupId).get(key.name()), OF_GROUP);
        values.addAll(ofBroker(BrokerKeys.of(key.brokerKey())));
        return values;
    }

    /** What was altered at run time for all brokers. */
    List<Value> ofAllBrokers() {
        List<Value> values = new ArrayList<>();
        topics.now().brokerConfigs("").forEach((name, value) -> add(values, name, value, OF_ALL_BROKERS));
        return values;
    }

    private static void add(List<Value> values, String name, String value, byte source) {
        if (value != null) values.add(new Value(name, value, source));
    }
}
