package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;

/** FindCoordinator (10): for groups and transactional ids it is always this broker. */
public final class FindCoordinatorDesk implements Desk {
    private static final short MANY_KEYS_FROM = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;

    private final Host host;

    public FindCoordinatorDesk(Host host) {
        this.host = host;
    }

    @Override
    public Api api() {
        return Api.FIND_COORDINATOR;
    }

    @Override
    public void serve(Call call) {
        FindCoordinatorRequestData request = call.body();
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        boolean known = request.keyType() == GROUP || request.keyType() == TRANSACTION;
        if (call.version() >= MANY_KEYS_FROM) {
            for (String key : request.coordinatorKeys()) {
                Coordinator coordinator = new Coordinator().setKey(key);
                response.coordinators().add(coordinator);
                if (known) coordinator.setNodeId(host.nodeId()).setHost(host.name()).setPort(host.port())
                        .setErrorMessage("");
                else coordinator.setNodeId(-1).setHost("").setPort(-1)
                        .setErrorCode(ErrorCode.INVALID_REQUEST.code())
                        .setErrorMessage("coordinators of key type " + request.keyType() + " are not built");
            }
        } else if (known) {
            response.setNodeId(host.nodeId()).setHost(host.name()).setPort(host.port())
                    .setErrorMessage("NONE");
        } else {
            response.setNodeId(-1).setHost("").setPort(-1).setErrorCode(ErrorCode.INVALID_REQUEST.code());
        }
        call.reply(response);
    }
}
