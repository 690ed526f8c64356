package io.semel.group;

import io.semel.group.streams.StreamsLimits;

/**
 * What holds for one group: what was set for it, else what holds for all. The same in every room of a broker,
 * and asked for again with every decision, so that a change is in force at once. Any lane.
 */
public interface LimitsByGroup {
    ConsumerLimits consumersOf(String groupId);

    StreamsLimits streamsOf(String groupId);

    /** The same for all groups. */
    static LimitsByGroup same(GroupLimits limits) {
        return new LimitsByGroup() {
            @Override
            public ConsumerLimits consumersOf(String groupId) {
                return limits.consumers();
            }

            @Override
            public StreamsLimits streamsOf(String groupId) {
                return limits.streams();
            }
        };
    }
}
