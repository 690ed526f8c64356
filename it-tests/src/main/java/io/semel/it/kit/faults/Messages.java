package io.semel.it.kit.faults;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestAndSize;

/**
 * The only place that reads what is behind the headers: addresses in replies, the versions that a broker
 * offers, and errors in its stead. Immutable; any thread.
 */
final class Messages {
    private static final String TRANSACTION_VERSION = "transaction.version";
    /** Leaves the broker's transaction version as it is. */
    static final short AS_OFFERED = Short.MAX_VALUE;

    private final Addresses addresses;
    private final short transactionVersionMax;

    Messages(Addresses addresses, short transactionVersionMax) {
        this.addresses = addresses;
        this.transactionVersionMax = transactionVersionMax;
    }

    /**
     * The reply as its client is to see it: the same bytes, unless an address in it leads around the
     * proxy.
     */
    byte[] forClient(Request request, byte[] frame) {
        return switch (request.api()) {
            case METADATA, FIND_COORDINATOR, DESCRIBE_CLUSTER -> readdressed(request, frame);
            case API_VERSIONS -> narrowed(request, frame);
            default -> frame;
        };
    }

    private byte[] readdressed(Request request, byte[] frame) {
        ApiMessage body = decode(request, request.version(), frame);
        if (body instanceof MetadataResponseData metadata) {
            for (MetadataResponseBroker broker : metadata.brokers()) {
                broker.setPort(portFor(broker.host(), broker.port())).setHost(Proxy.HOST);
            }
        } else if (body instanceof DescribeClusterResponseData cluster) {
            for (DescribeClusterBroker broker : cluster.brokers()) {
                broker.setPort(portFor(broker.host(), broker.port())).setHost(Proxy.HOST);
            }
        } else if (body instanceof FindCoordinatorResponseData found) {
            if (found.port() > 0) found.setPort(portFor(found.host(), found.port())).setHost(Proxy.HOST);
            for (Coordinator one : found.coordinators()) {
                if (one.port() > 0) one.setPort(portFor(one.host(), one.port())).setHost(Proxy.HOST);
            }
        }
        return encode(request, request.version(), body);
    }

    private int portFor(String host, int port) {
        return addresses.portFor(host, port);
    }

    /**
     * Offers no version of an API that the proxy must read and cannot, nor a higher transaction version
     * than is wanted. A broker that does not know the version of this very request answers in version 0.
     */
    private byte[] narrowed(Request request, byte[] frame) {
        short error = ByteBuffer.wrap(frame).getShort(Integer.BYTES);
        short version = error == Errors.UNSUPPORTED_VERSION.code() ? 0 : request.version();
        ApiVersionsResponseData body = (ApiVersionsResponseData) decode(request, version, frame);
        boolean changed = false;
        for (ApiVersion one : body.apiKeys()) {
            if (!ApiKeys.hasId(one.apiKey())) continue;
            short newest = ApiKeys.forId(one.apiKey()).latestVersion();
            if (one.maxVersion() <= newest) continue;
            one.setMaxVersion(newest);
            changed = true;
        }
        var feature = body.finalizedFeatures().find(TRANSACTION_VERSION);
        if (feature != null && feature.maxVersionLevel() > transactionVersionMax) {
            feature.setMaxVersionLevel(transactionVersionMax).setMinVersionLevel(transactionVersionMax);
            changed = true;
        }
        return changed ? encode(request, version, body) : frame;
    }

    private static ApiMessage decode(Request request, short version, byte[] frame) {
        ApiMessageType type = ApiMessageType.fromApiKey(request.api().id);
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        ByteBufferAccessor reader = new ByteBufferAccessor(bytes);
        new ResponseHeaderData(reader, type.responseHeaderVersion(version));
        ApiMessage body = type.newResponse();
        body.read(reader, version);
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes behind a reply to " + request);
        }
        return body;
    }

    private static byte[] encode(Request request, short version, ApiMessage body) {
        short headerVersion = ApiMessageType.fromApiKey(request.api().id).responseHeaderVersion(version);
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(request.correlationId());
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        body.addSize(size, cache, version);
        byte[] frame = new byte[size.totalSize()];
        ByteBufferAccessor writer = new ByteBufferAccessor(ByteBuffer.wrap(frame));
        header.write(writer, cache, headerVersion);
        body.write(writer, cache, version);
        return frame;
    }

    /** What a broker would say that finds this wrong, everywhere in the reply where it can be said. */
    static byte[] refusal(Request request, Errors error) {
        ByteBuffer bytes = ByteBuffer.wrap(request.frame());
        ByteBufferAccessor reader = new ByteBufferAccessor(bytes);
        new RequestHeaderData(reader, request.api().requestHeaderVersion(request.version()));
        ApiMessage body = parse(request, bytes, reader).getErrorResponse(0, error.exception()).data();
        return encode(request, request.version(), body);
    }

    /** Reads from a buffer in kafka-clients 3, from a reader in 4. */
    private static AbstractRequest parse(Request request, ByteBuffer bytes, ByteBufferAccessor reader) {
        try {
            for (Method method : AbstractRequest.class.getMethods()) {
                if (!method.getName().equals("parseRequest") || method.getParameterCount() != 3) continue;
                Object body = method.getParameterTypes()[2] == ByteBuffer.class ? bytes : reader;
                Object parsed = method.invoke(null, request.api(), request.version(), body);
                return ((RequestAndSize) parsed).request;
            }
            throw new IllegalStateException("this kafka-clients reads no requests");
        } catch (ReflectiveOperationException unreadable) {
            throw new IllegalArgumentException("cannot be read: " + request, unreadable);
        }
    }

    /** Whether the broker stays silent: Produce with acks 0. Cannot be told for what cannot be read. */
    static boolean isUnanswered(Request request) {
        if (request.api() != ApiKeys.PRODUCE) return false;
        short headerVersion = request.api().requestHeaderVersion(request.version());
        ByteBuffer bytes = ByteBuffer.wrap(request.frame());
        ByteBufferAccessor reader = new ByteBufferAccessor(bytes);
        new RequestHeaderData(reader, headerVersion);
        boolean compact = headerVersion >= 2;
        int length = compact ? reader.readUnsignedVarint() - 1 : reader.readShort();
        if (length > 0) bytes.position(bytes.position() + length);
        return reader.readShort() == 0;
    }
}
