package io.semel.broker.desk;

import io.semel.wire.message.Api;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Serves one API. {@link #serve} runs on the connection's home lane and ends in exactly one {@link
 * Call#reply} or {@link Call#silent}.
 */
public interface Desk {
    Api api();

    void serve(Call call);

    /** The newest version this desk serves, where that is less than what the table of versions could read. */
    default short newestVersion() {
        return Short.MAX_VALUE;
    }

    /**
     * What can be checked before the lane is troubled; runs on the connection's thread, its result is {@link
     * Call#prepared()}.
     */
    default Object prepare(ApiMessage body, short version) {
        return null;
    }
}
