package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;

/** AlterUserScramCredentials (51, KIP-554): SASL is not built, so that no credential is kept. Any lane. */
public final class AlterUserScramCredentialsDesk implements Desk {
    @Override
    public Api api() {
        return Api.ALTER_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public void serve(Call call) {
        AlterUserScramCredentialsRequestData request = call.body();
        Map<String, ErrorCode> byUser = new TreeMap<>();
        request.deletions().forEach(asked -> byUser.put(asked.name(), ErrorCode.RESOURCE_NOT_FOUND));
        request.upsertions().forEach(asked -> byUser.put(asked.name(), ErrorCode.UNSUPPORTED_SASL_MECHANISM));
        AlterUserScramCredentialsResponseData response = new AlterUserScramCredentialsResponseData();
        byUser.forEach((user, error) -> response.results().add(new AlterUserScramCredentialsResult()
                .setUser(user).setErrorCode(error.code())
                .setErrorMessage(error == ErrorCode.RESOURCE_NOT_FOUND
                        ? "There is no SCRAM credential of user " + user + "."
                        : "SASL is not built: a credential would never be asked for.")));
        call.reply(response);
    }
}
