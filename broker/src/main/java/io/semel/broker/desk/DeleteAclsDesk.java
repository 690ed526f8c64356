package io.semel.broker.desk;

import io.semel.wire.error.ErrorCode;
import io.semel.wire.message.Api;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;

/** DeleteAcls (31): there are none; each filter is told so. Any lane. */
public final class DeleteAclsDesk implements Desk {
    @Override
    public Api api() {
        return Api.DELETE_ACLS;
    }

    @Override
    public void serve(Call call) {
        DeleteAclsRequestData request = call.body();
        DeleteAclsResponseData response = new DeleteAclsResponseData();
        request.filters().forEach(asked -> response.filterResults().add(new DeleteAclsFilterResult()
                .setErrorCode(ErrorCode.SECURITY_DISABLED.code())
                .setErrorMessage(DescribeAclsDesk.NO_AUTHORIZER)));
        call.reply(response);
    }
}
