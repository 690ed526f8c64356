package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;

/** CreateAcls (30): nothing is created, since nothing would ask; each one is told so. Any lane. */
public final class CreateAclsDesk implements Desk {
    @Override
    public Api api() {
        return Api.CREATE_ACLS;
    }

    @Override
    public void serve(Call call) {
        CreateAclsRequestData request = call.body();
        CreateAclsResponseData response = new CreateAclsResponseData();
        request.creations().forEach(asked -> response.results().add(new AclCreationResult()
                .setErrorCode(ErrorCode.SECURITY_DISABLED.code())
                .setErrorMessage(DescribeAclsDesk.NO_AUTHORIZER)));
        call.reply(response);
    }
}
