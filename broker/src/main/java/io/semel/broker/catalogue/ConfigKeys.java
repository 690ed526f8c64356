package io.semel.broker.catalogue;

import io.semel.broker.config.DynamicConfig;
import io.semel.broker.config.GroupConfig;
import io.semel.broker.config.TopicConfig;

/** Which settings there are to be changed: those of topics, of the broker, or of groups. Stateless. */
enum ConfigKeys {
    OF_TOPICS {
        @Override
        String unknown(String key) {
            return TopicConfig.isKnown(key) ? null : "Unknown topic config name: " + key;
        }

        @Override
        boolean isList(String key) {
            return TopicConfig.isList(key);
        }

        @Override
        String byDefault(String key) {
            return TopicConfig.defaults().get(key);
        }

        @Override
        String problem(String key, String value) {
            return TopicConfig.problem(key, value);
        }
    },

    OF_BROKERS {
        @Override
        String unknown(String key) {
            return DynamicConfig.unalterable(key);
        }

        @Override
        boolean isList(String key) {
            return TopicConfig.isList(DynamicConfig.topicKeyOf(key));
        }

        @Override
        String byDefault(String key) {
            return TopicConfig.defaults().get(DynamicConfig.topicKeyOf(key));
        }

        @Override
        String problem(String key, String value) {
            String unknown = unknown(key);
            if (unknown != null) return unknown;
            String problem = TopicConfig.problem(DynamicConfig.topicKeyOf(key), value);
            return problem == null ? null : "Invalid value for configuration " + key + ": " + problem;
        }
    },

    /** What their values may be depends on the broker's settings: see {@link GroupConfig}. */
    OF_GROUPS {
        @Override
        String unknown(String key) {
            return GroupConfig.unknown(key);
        }

        @Override
        boolean isList(String key) {
            return false;
        }

        @Override
        String byDefault(String key) {
            return "";
        }

        @Override
        String problem(String key, String value) {
            return unknown(key);
        }
    };

    /** Null when a key can be changed; otherwise why not. */
    abstract String unknown(String key);

    abstract boolean isList(String key);

    abstract String byDefault(String key);

    /** Null when the value may be set; otherwise what is wrong with it, naming the key. */
    abstract String problem(String key, String value);

    /** The broker's key that is a topic key's default; null when there is none that can be altered. */
    static String brokerKeyOf(String topicKey) {
        return DynamicConfig.brokerKeyOf(topicKey);
    }
}
