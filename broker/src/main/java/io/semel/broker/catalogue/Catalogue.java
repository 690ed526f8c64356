package io.semel.broker.catalogue;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.nio.charset.StandardCharsets;

/** The topics that exist, as of one offset of the catalogue's journal. Immutable: any lane reads it. */
public final class Catalogue {
    public static final String TRANSACTION_STATE = "__transaction_state";
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";
    /** The catalogue's own journal: one partition, not shown to clients. */
    public static final String CATALOGUE = "__semel_catalogue";

    private final SortedMap<String, Topic> byName;
    private final Map<UUID, Topic> byId;

    private final SortedMap<String, Topic> doomed;
    private final SortedMap<String, Map<String, String>> brokerConfigs;
    private final SortedMap<String, Map<String, String>> groupConfigs;

    private Catalogue(SortedMap<String, Topic> byName, Map<UUID, Topic> byId,
            SortedMap<String, Topic> doomed, SortedMap<String, Map<String, String>> brokerConfigs,
            SortedMap<String, Map<String, String>> groupConfigs) {
        this.byName = byName;
        this.byId = byId;
        this.doomed = doomed;
        this.brokerConfigs = brokerConfigs;
        this.groupConfigs = groupConfigs;
    }

    /** Only the internal topics, each of {@code internalPartitions} partitions. */
    public static Catalogue initial(int internalPartitions) {
        Catalogue empty = new Catalogue(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(),
                new TreeMap<>(), new TreeMap<>());
        Map<String, String> compacted = Map.of("cleanup.policy", "compact");
        return empty.with(new Topic(TRANSACTION_STATE, internalId(TRANSACTION_STATE), internalPartitions,
                compacted))
                .with(new Topic(CONSUMER_OFFSETS, internalId(CONSUMER_OFFSETS), internalPartitions,
                        compacted));
    }

    /** An internal topic has the same id in every broker, since it is never created by a command. */
    private static UUID internalId(String name) {
        return UUID.nameUUIDFromBytes(("io.semel/" + name).getBytes(StandardCharsets.UTF_8));
    }

    Catalogue with(Topic topic) {
        SortedMap<String, Topic> names = new TreeMap<>(byName);
        Map<UUID, Topic> ids = new TreeMap<>(byId);
        names.put(topic.name(), topic);
        ids.put(topic.id(), topic);
        return new Catalogue(names, ids, doomed, brokerConfigs, groupConfigs);
    }

    Catalogue without(String name) {
        SortedMap<String, Topic> names = new TreeMap<>(byName);
        Map<UUID, Topic> ids = new TreeMap<>(byId);
        Topic removed = names.remove(name);
        if (removed != null) ids.remove(removed.id());
        return new Catalogue(names, ids, doomed, brokerConfigs, groupConfigs);
    }

    Catalogue withDoomed(Topic topic) {
        SortedMap<String, Topic> more = new TreeMap<>(doomed);
        more.put(topic.name(), topic);
        return new Catalogue(byName, byId, more, brokerConfigs, groupConfigs);
    }

    Catalogue withoutDoomed(String name) {
        SortedMap<String, Topic> fewer = new TreeMap<>(doomed);
        fewer.remove(name);
        return new Catalogue(byName, byId, fewer, brokerConfigs, groupConfigs);
    }

    Catalogue withBrokerConfigs(String entity, Map<String, String> configs) {
        SortedMap<String, Map<String, String>> changed = new TreeMap<>(brokerConfigs);
        if (configs.isEmpty()) changed.remove(entity);
        else changed.put(entity, new TreeMap<>(configs));
        return new Catalogue(byName, byId, doomed, changed, groupConfigs);
    }

    Catalogue withGroupConfigs(String groupId, Map<String, String> configs) {
        SortedMap<String, Map<String, String>> changed = new TreeMap<>(groupConfigs);
        if (configs.isEmpty()) changed.remove(groupId);
        else changed.put(groupId, Collections.unmodifiableMap(new TreeMap<>(configs)));
        return new Catalogue(byName, byId, doomed, brokerConfigs, changed);
    }

    /** Groups with settings of their own, by id; not to be changed. They need not be there. */
    public SortedMap<String, Map<String, String>> groupConfigs() {
        return Collections.unmodifiableSortedMap(groupConfigs);
    }

    /** What was set for a group; by key. */
    public Map<String, String> groupConfigs(String groupId) {
        return groupConfigs.getOrDefault(groupId, Map.of());
    }

    SortedMap<String, Map<String, String>> brokerConfigs() {
        return brokerConfigs;
    }

    /** What was altered at run time for a node id, or for all brokers ({@code ""}); by key. */
    public Map<String, String> brokerConfigs(String entity) {
        return brokerConfigs.getOrDefault(entity, Map.of());
    }

    /**
     * The value of a topic's setting that is in force: its own, or the broker's altered at run time, for this
     * node before for all; null when it is none of these.
     */
    public String setting(Topic topic, String name, int nodeId) {
        String own = topic.configs().get(name);
        if (own != null || brokerConfigs.isEmpty()) return own;
        String key = ConfigKeys.brokerKeyOf(name);
        if (key == null) return null;
        String here = brokerConfigs(Integer.toString(nodeId)).get(key);
        return here != null ? here : brokerConfigs("").get(key);
    }

    /** As {@link #setting}, for a number; {@code unset} when it is set nowhere. */
    public long number(Topic topic, String name, int nodeId, long unset) {
        String value = setting(topic, name, nodeId);
        return value == null ? unset : Long.parseLong(value.trim());
    }

    /** The deleted topic of that name of which something may still be left; null when there is none. */
    public Topic doomed(String name) {
        return doomed.get(name);
    }

    Collection<Topic> doomed() {
        return doomed.values();
    }

    /** Null when there is none of that name. */
    public Topic topic(String name) {
        return byName.get(name);
    }

    /** Null when there is none of that id. */
    public Topic topic(UUID id) {
        return byId.get(id);
    }

    /** All of them, by name. */
    public Collection<Topic> topics() {
        return Collections.unmodifiableCollection(byName.values());
    }

    public int partitionCount() {
        int count = 0;
        for (Topic topic : byName.values()) if (!topic.isInternal()) count += topic.partitions();
        return count;
    }
}
