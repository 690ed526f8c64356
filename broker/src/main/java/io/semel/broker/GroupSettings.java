package io.semel.broker;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.GroupConfig;
import io.semel.group.ConsumerLimits.MigrationPolicy;
import io.semel.group.ConsumerLimits;
import io.semel.group.GroupLimits;
import io.semel.group.LimitsByGroup;
import io.semel.group.streams.StreamsLimits;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What a broker's settings say about groups. Stateless. */
final class GroupSettings {
    private static final long MINUTE_MS = 60_000;

    private GroupSettings() {
    }

    static GroupLimits of(BrokerConfig config) {
        GroupLimits unset = GroupLimits.defaults();
        long retentionMs = MINUTE_MS * config.number("offsets.retention.minutes",
                unset.offsetsRetentionMs() / MINUTE_MS);
        return new GroupLimits(number(config, "group.min.session.timeout.ms", unset.sessionTimeoutMinMs()),
                number(config, "group.max.session.timeout.ms", unset.sessionTimeoutMaxMs()),
                number(config, "group.max.size", unset.groupSizeMax()), config.initialRebalanceDelayMs(),
                unset.newMemberJoinTimeoutMs(),
                number(config, "offset.metadata.max.bytes", unset.offsetMetadataMax()), retentionMs,
                config.number("offsets.retention.check.interval.ms", unset.offsetsSweepMs()),
                consumers(config, unset.consumers()), streams(new GroupConfig(config), Map.of(),
                number(config, "group.streams.max.size", unset.streams().groupSizeMax())));
    }

    /** The same for one group, with what was set for it. */
    static LimitsByGroup byGroup(BrokerConfig config, Function<String, Map<String, String>> ownOf) {
        GroupConfig settings = new GroupConfig(config);
        GroupLimits all = of(config);
        return new LimitsByGroup() {
            @Override
            public ConsumerLimits consumersOf(String groupId) {
                Map<String, String> own = ownOf.apply(groupId);
                return own.isEmpty() ? all.consumers() : all.consumers().withTimes(
                        settings.number(own, "consumer.session.timeout.ms"),
                        settings.number(own, "consumer.heartbeat.interval.ms"));
            }

            @Override
            public StreamsLimits streamsOf(String groupId) {
                Map<String, String> own = ownOf.apply(groupId);
                return own.isEmpty() ? all.streams() : streams(settings, own, all.streams().groupSizeMax());
            }
        };
    }

    private static StreamsLimits streams(GroupConfig settings, Map<String, String> own, int sizeMax) {
        return new StreamsLimits(settings.number(own, "streams.session.timeout.ms"),
                settings.number(own, "streams.heartbeat.interval.ms"), sizeMax,
                settings.number(own, "streams.num.standby.replicas"),
                settings.number(own, "streams.initial.rebalance.delay.ms"));
    }

    private static ConsumerLimits consumers(BrokerConfig config, ConsumerLimits unset) {
        String policy = config.word("group.consumer.migration.policy", unset.migration().name());
        return new ConsumerLimits(
                number(config, "group.consumer.session.timeout.ms", unset.sessionTimeoutMs()),
                number(config, "group.consumer.heartbeat.interval.ms", unset.heartbeatIntervalMs()),
                number(config, "group.consumer.max.size", unset.groupSizeMax()),
                MigrationPolicy.valueOf(policy.toUpperCase(Locale.ROOT)));
    }

    private static int number(BrokerConfig config, String key, int unset) {
        return (int) config.number(key, unset);
    }
}
