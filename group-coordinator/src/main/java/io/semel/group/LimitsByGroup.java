package io.semel.group;

/**
 * What holds for one group: what was set for it, else what holds for all. The same in every room of a broker,
 * and asked for again with every decision, so that a change is in force at once. Any lane.
 */
public interface LimitsByGroup {
    ConsumerLimits consumersOf(String groupId);
}
