package io.semel.broker.catalogue;

import io.semel.wire.batch.BatchHeader;
import io.semel.wire.batch.EventCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The catalogue's records. Key: {@code topic/NAME}, {@code doomed/NAME} or {@code producer-ids}, so that
 * compaction keeps the newest of each; {@code broker/ENTITY} and {@code group/ID} hold count of settings and
 * each key and value. Value: i16 version 0, then for a topic id (2 x i64), partitions
 * (i32), count of settings (i32) and each key and value (i32 length, UTF-8); for producer ids the next one
 * (i64). A topic's tombstone is its removal, a doomed one's its burial. Stateless.
 */
public final class CatalogueCodec implements EventCodec<CatalogueEvent> {
    private static final short VERSION = 0;
    private static final String TOPIC = "topic/";
    private static final String DOOMED = "doomed/";
    private static final String BROKER = "broker/";
    private static final String GROUP = "group/";
    private static final String PRODUCER_IDS = "producer-ids";

    @Override
    public ByteBuffer key(CatalogueEvent event) {
        String key = event instanceof CatalogueEvent.TopicSet set ? TOPIC + set.topic().name()
                : event instanceof CatalogueEvent.TopicRemoved removed ? TOPIC + removed.name()
                : event instanceof CatalogueEvent.TopicDoomed doomed ? DOOMED + doomed.topic().name()
                : event instanceof CatalogueEvent.TopicBuried buried ? DOOMED + buried.name()
                : event instanceof CatalogueEvent.BrokerConfigsSet set ? BROKER + set.entity()
                : event instanceof CatalogueEvent.GroupConfigsSet set ? GROUP + set.groupId() : PRODUCER_IDS;
        return ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer value(CatalogueEvent event) {
        if (event instanceof CatalogueEvent.TopicSet set) return topicValue(set.topic());
        if (event instanceof CatalogueEvent.TopicDoomed doomed) return topicValue(doomed.topic());
        if (event instanceof CatalogueEvent.BrokerConfigsSet set) {
            return configsValue(set.configs());
        }
        if (event instanceof CatalogueEvent.GroupConfigsSet set) {
            return set.configs().isEmpty() ? null : configsValue(set.configs());
        }
        if (event instanceof CatalogueEvent.ProducerIdsTaken taken) {
            return ByteBuffer.allocate(10).putShort(VERSION).putLong(taken.next()).flip();
        }
        return null;
    }

    @Override
    public CatalogueEvent decode(BatchHeader batch, ByteBuffer key, ByteBuffer value) {
        String name = StandardCharsets.UTF_8.decode(key.duplicate()).toString();
        if (name.equals(PRODUCER_IDS)) {
            return new CatalogueEvent.ProducerIdsTaken(value.getLong(value.position() + 2));
        }
        if (name.startsWith(BROKER)) {
            return new CatalogueEvent.BrokerConfigsSet(name.substring(BROKER.length()), configsOf(value));
        }
        if (name.startsWith(GROUP)) {
            return new CatalogueEvent.GroupConfigsSet(name.substring(GROUP.length()),
                    value == null ? Map.of() : configsOf(value));
        }
        if (name.startsWith(DOOMED)) {
            String doomed = name.substring(DOOMED.length());
            return value == null ? new CatalogueEvent.TopicBuried(doomed)
                    : new CatalogueEvent.TopicDoomed(topicOf(doomed, value.duplicate()));
        }
        if (!name.startsWith(TOPIC)) return null;
        String topic = name.substring(TOPIC.length());
        return value == null ? new CatalogueEvent.TopicRemoved(topic)
                : new CatalogueEvent.TopicSet(topicOf(topic, value.duplicate()));
    }

    private static ByteBuffer configsValue(Map<String, String> configs) {
        ByteBuffer value = ByteBuffer.allocate(2 + 4 + sizeOf(configs)).putShort(VERSION);
        putAll(value, configs);
        return value.flip();
    }

    private static Map<String, String> configsOf(ByteBuffer value) {
        ByteBuffer configs = value.duplicate();
        configs.getShort();
        return takeAll(configs);
    }

    private static ByteBuffer topicValue(Topic topic) {
        int size = 2 + 16 + 4 + 4 + sizeOf(topic.configs());
        ByteBuffer value = ByteBuffer.allocate(size).putShort(VERSION);
        value.putLong(topic.id().getMostSignificantBits()).putLong(topic.id().getLeastSignificantBits());
        value.putInt(topic.partitions());
        putAll(value, topic.configs());
        return value.flip();
    }

    private static int sizeOf(Map<String, String> configs) {
        int size = 0;
        for (Map.Entry<String, String> entry : configs.entrySet()) {
            size += 8 + utf8(entry.getKey()).length + utf8(entry.getValue()).length;
        }
        return size;
    }

    private static void putAll(ByteBuffer to, Map<String, String> configs) {
        to.putInt(configs.size());
        configs.forEach((key, setting) -> {
            put(to, key);
            put(to, setting);
        });
    }

    private static Map<String, String> takeAll(ByteBuffer from) {
        Map<String, String> configs = new TreeMap<>();
        for (int left = from.getInt(); left > 0; left--) configs.put(take(from), take(from));
        return configs;
    }

    private static Topic topicOf(String name, ByteBuffer value) {
        value.getShort();
        UUID id = new UUID(value.getLong(), value.getLong());
        int partitions = value.getInt();
        return new Topic(name, id, partitions, takeAll(value));
    }

    private static void put(ByteBuffer to, String text) {
        byte[] bytes = utf8(text);
        to.putInt(bytes.length).put(bytes);
    }

    private static String take(ByteBuffer from) {
        byte[] bytes = new byte[from.getInt()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
