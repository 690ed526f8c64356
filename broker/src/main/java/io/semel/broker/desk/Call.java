package io.semel.broker.desk;

import io.semel.kernel.lane.Lane;
import io.semel.wire.message.RequestFrame;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;

/** One request at a desk, with the way back. Owned by the connection's home lane. */
public final class Call {
    private final RequestFrame.Request request;
    private final Object prepared;
    private final Lane home;
    private final Connection connection;
    private Consumer<ApiMessage> onReply;

    Call(RequestFrame.Request request, Object prepared, Connection connection, Consumer<ApiMessage> onReply) {
        this.request = request;
        this.prepared = prepared;
        this.home = connection.home();
        this.connection = connection;
        this.onReply = onReply;
    }

    @SuppressWarnings("unchecked")
    <T extends ApiMessage> T body() {
        return (T) request.body();
    }

    short version() {
        return request.apiVersion();
    }

    String clientId() {
        return request.clientId() == null ? "" : request.clientId();
    }

    /** The client's address as Kafka writes it: {@code /127.0.0.1}. */
    String clientHost() {
        return connection.clientHost();
    }

    Object prepared() {
        return prepared;
    }

    /** The lane to come back to: everything a desk remembers between steps is touched only there. */
    Lane home() {
        return home;
    }

    Connection connection() {
        return connection;
    }

    /** Answers. On the home lane, once. */
    void reply(ApiMessage response) {
        Consumer<ApiMessage> once = onReply;
        if (once == null) throw new IllegalStateException("answered twice: " + response);
        onReply = null;
        once.accept(response);
    }

    /** Ends the call without an answer, as the protocol wants for acks=0. */
    void silent() {
        reply(null);
    }

    /** Comes back to the home lane with the outcome of something asked elsewhere. */
    <T> Consumer<T> back(Consumer<T> step) {
        return outcome -> home.post(() -> step.accept(outcome));
    }
}
