package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData.ConfigResource;

/**
 * ListConfigResources (74, KIP-1142): what has configs: topics, this broker,
 * and groups that some were set for. Version 0 asks for client
 * metrics only, of which there are none. Any lane.
 */
public final class ListConfigResourcesDesk implements Desk {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;
    private static final Set<Byte> KNOWN =
            new TreeSet<>(List.of(TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP));

    private final Topics topics;
    private final int nodeId;

    public ListConfigResourcesDesk(Topics topics, int nodeId) {
        this.topics = topics;
        this.nodeId = nodeId;
    }

    @Override
    public Api api() {
        return Api.LIST_CONFIG_RESOURCES;
    }

    @Override
    public void serve(Call call) {
        ListConfigResourcesRequestData request = call.body();
        ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
        if (call.version() == 0) {
            call.reply(response);
            return;
        }
        Set<Byte> types = new TreeSet<>(request.resourceTypes());
        if (types.isEmpty()) types = KNOWN;
        if (!KNOWN.containsAll(types)) {
            call.reply(response.setErrorCode(ErrorCode.UNSUPPORTED_VERSION.code()));
            return;
        }
        if (types.contains(TOPIC)) {
            for (Topic topic : topics.now().topics()) add(response, TOPIC, topic.name());
        }
        if (types.contains(GROUP)) {
            for (String groupId : topics.now().groupConfigs().keySet()) add(response, GROUP, groupId);
        }
        if (types.contains(BROKER)) add(response, BROKER, Integer.toString(nodeId));
        call.reply(response);
    }

    private static void add(ListConfigResourcesResponseData response, byte type, String name) {
        response.configResources().add(new ConfigResource().setResourceType(type).setResourceName(name));
    }
}
