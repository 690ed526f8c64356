package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;

/** DescribeUserScramCredentials (50, KIP-554): no user has any. Any lane. */
public final class DescribeUserScramCredentialsDesk implements Desk {
    @Override
    public Api api() {
        return Api.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public void serve(Call call) {
        DescribeUserScramCredentialsRequestData request = call.body();
        DescribeUserScramCredentialsResponseData response = new DescribeUserScramCredentialsResponseData();
        if (request.users() != null) {
            for (UserName user : request.users()) {
                response.results().add(new DescribeUserScramCredentialsResponseData
                        .DescribeUserScramCredentialsResult().setUser(user.name())
                        .setErrorCode(ErrorCode.RESOURCE_NOT_FOUND.code())
                        .setErrorMessage("There is no SCRAM credential of user " + user.name() + "."));
            }
        }
        call.reply(response);
    }
}
