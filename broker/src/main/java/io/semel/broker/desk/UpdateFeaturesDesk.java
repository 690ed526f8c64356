package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import io.semel.wire.message.ApiTable;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;

/**
 * UpdateFeatures (57, KIP-584, KIP-1022): features stand at the level this broker was built for, or was
 * started with; that level may be asked for again, another is refused. Any lane.
 */
public final class UpdateFeaturesDesk implements Desk {
    private static final short RESULTS_UNTIL = 1;
    private static final short FEATURES_FROM = 4;

    private final short transactionVersion;

    /** @param transactionVersion the level of that feature, for the life of the broker */
    public UpdateFeaturesDesk(int transactionVersion) {
        this.transactionVersion = (short) transactionVersion;
    }

    @Override
    public Api api() {
        return Api.UPDATE_FEATURES;
    }

    @Override
    public void serve(Call call) {
        UpdateFeaturesRequestData request = call.body();
        UpdateFeaturesResponseData response = new UpdateFeaturesResponseData().setErrorMessage(null);
        for (FeatureUpdateKey asked : request.featureUpdates()) {
            String problem = problemOf(asked);
            ErrorCode error = problem == null ? ErrorCode.NONE : ErrorCode.INVALID_UPDATE_VERSION;
            if (call.version() <= RESULTS_UNTIL) {
                response.results().add(new UpdatableFeatureResult().setFeature(asked.feature())
                        .setErrorCode(error.code()).setErrorMessage(problem));
            } else if (problem != null) {
                response.setErrorCode(error.code()).setErrorMessage(problem);
            }
        }
        call.reply(response);
    }

    private String problemOf(FeatureUpdateKey asked) {
        ApiVersionsResponseData versions = ApiVersionsDesk.answer(ApiTable.of(List.of()), transactionVersion,
                ErrorCode.NONE, FEATURES_FROM);
        FinalizedFeatureKey finalized = versions.finalizedFeatures().find(asked.feature());
        if (finalized == null) {
            return "Feature " + asked.feature() + " is not known here.";
        }
        if (finalized.maxVersionLevel() == asked.maxVersionLevel()) return null;
        return "Feature " + asked.feature() + " stands at level " + finalized.maxVersionLevel()
                + " while this broker runs; " + asked.maxVersionLevel() + " is refused.";
    }
}
