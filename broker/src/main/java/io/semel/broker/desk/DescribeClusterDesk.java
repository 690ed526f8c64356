package io.semel.broker.desk;

import io.semel.wire.message.Api;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import io.semel.wire.error.ErrorCode;

/** DescribeCluster (60): one broker, which is also the controller. */
public final class DescribeClusterDesk implements Desk {
    private static final byte BROKERS = 1;

    private final Host host;

    public DescribeClusterDesk(Host host) {
        this.host = host;
    }

    @Override
    public Api api() {
        return Api.DESCRIBE_CLUSTER;
    }

    @Override
    public void serve(Call call) {
        DescribeClusterRequestData request = call.body();
        DescribeClusterResponseData response = new DescribeClusterResponseData()
                .setEndpointType(request.endpointType());
        if (call.version() >= 1 && request.endpointType() != BROKERS) {
            call.reply(response.setErrorCode(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code())
                    .setErrorMessage("this is a broker's endpoint, not a controller's"));
            return;
        }
        response.setClusterId(host.clusterId()).setControllerId(host.nodeId());
        response.brokers().add(new DescribeClusterBroker().setBrokerId(host.nodeId()).setHost(host.name())
                .setPort(host.port()).setRack(host.rack()));
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(Allowed.ON_CLUSTER);
        }
        call.reply(response);
    }
}
