package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.message.ApiTable;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;

/** ApiVersions (18): what is spoken here, and the features that are on: transaction.version 2 (KIP-890),
 * group.version 1 (KIP-848), streams.version 1 (KIP-1071). */
public final class ApiVersionsDesk implements Desk {
    private static final String TRANSACTION_VERSION = "transaction.version";
    static final short VERSION_2 = 2;
    private static final String GROUP_VERSION = "group.version";
    private static final String STREAMS_VERSION = "streams.version";
    private static final short VERSION_1 = 1;

    private final Supplier<ApiTable> table;
    private final short transactionVersion;

    /**
     * @param table              known only once all desks are
     * @param transactionVersion the level of the feature that clients are told
     */
    public ApiVersionsDesk(Supplier<ApiTable> table, int transactionVersion) {
        this.table = table;
        this.transactionVersion = (short) transactionVersion;
    }

    @Override
    public Api api() {
        return Api.API_VERSIONS;
    }

    @Override
    public void serve(Call call) {
        ApiVersionsRequestData request = call.body();
        boolean named = call.version() < 3
                || isSoftwareName(request.clientSoftwareName())
                        && isSoftwareName(request.clientSoftwareVersion());
        ErrorCode error = named ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST;
        call.reply(answer(table.get(), transactionVersion, error, call.version()));
    }

    /**
     * The epoch of the features is the level of the one that can change, from one start to the next: clients
     * heed only an epoch above what they have seen, so that they follow an upgrade while they live.
     */
    static ApiVersionsResponseData answer(ApiTable table, short transactionVersion, ErrorCode error,
            short version) {
        ApiVersionsResponseData response = new ApiVersionsResponseData().setErrorCode(error.code());
        table.ranges().forEach(range -> response.apiKeys().add(new ApiVersion().setApiKey(range.apiKey())
                .setMinVersion(range.oldest()).setMaxVersion(range.newest())));
        if (version < 3) return response;
        // before version 4 a client cannot read a feature whose oldest level is 0 (KAFKA-17011)
        if (version >= 4) {
            response.supportedFeatures().add(new SupportedFeatureKey().setName(TRANSACTION_VERSION)
                    .setMinVersion((short) 0).setMaxVersion(VERSION_2));
            response.supportedFeatures().add(new SupportedFeatureKey().setName(GROUP_VERSION)
                    .setMinVersion((short) 0).setMaxVersion(VERSION_1));
            response.supportedFeatures().add(new SupportedFeatureKey().setName(STREAMS_VERSION)
                    .setMinVersion((short) 0).setMaxVersion(VERSION_1));
        }
        response.finalizedFeatures().add(new FinalizedFeatureKey().setName(TRANSACTION_VERSION)
                .setMinVersionLevel(transactionVersion).setMaxVersionLevel(transactionVersion));
        response.finalizedFeatures().add(new FinalizedFeatureKey().setName(GROUP_VERSION)
                .setMinVersionLevel(VERSION_1).setMaxVersionLevel(VERSION_1));
        response.finalizedFeatures().add(new FinalizedFeatureKey().setName(STREAMS_VERSION)
                .setMinVersionLevel(VERSION_1).setMaxVersionLevel(VERSION_1));
        return response.setFinalizedFeaturesEpoch(transactionVersion);
    }

    /** KIP-511: letters, digits, '.' and '-', with a letter or digit at both ends. */
    private static boolean isSoftwareName(String name) {
        return name != null && name.matches("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");
    }
}
