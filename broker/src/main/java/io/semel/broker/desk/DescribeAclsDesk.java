package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.DescribeAclsResponseData;

/** DescribeAcls (29): no authorizer is configured, and says so as Kafka does. Any lane. */
public final class DescribeAclsDesk implements Desk {
    static final String NO_AUTHORIZER = "No Authorizer is configured on the broker: ACLs are not built.";

    @Override
    public Api api() {
        return Api.DESCRIBE_ACLS;
    }

    @Override
    public void serve(Call call) {
        call.reply(new DescribeAclsResponseData().setErrorCode(ErrorCode.SECURITY_DISABLED.code())
                .setErrorMessage(NO_AUTHORIZER));
    }
}
