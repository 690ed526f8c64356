package io.semel.broker.desk;

import io.semel.broker.catalogue.Topic;
import io.semel.wire.error.ErrorCode;
import java.util.HashSet;
import java.util.Set;

/**
 * What a request would alter of one resource, looked at before its owner is asked: nothing may be named
 * twice, for which of the two would count? (KIP-339). One thread.
 */
final class Alteration {
    /** Why the owner is not even asked. */
    record Refusal(ErrorCode error, String message) {
    }

    private final byte type;
    private final String name;
    private final Set<String> keys = new HashSet<>();
    private int timesNamed;
    private boolean keyTwice;
    private String valueless;

    Alteration(byte type, String name) {
        this.type = type;
        this.name = name;
    }

    /** Every resource of the request, this one among them. */
    void beside(byte otherType, String otherName) {
        if (type == otherType && name.equals(otherName)) timesNamed++;
    }

    /** A key and what becomes of it; null where a value is missing. */
    void of(String key, String value) {
        keyTwice |= !keys.add(key);
        if (value == null && valueless == null) valueless = key;
    }

    /** Null when its owner may judge. */
    Refusal refusal() {
        if (timesNamed > 1) return bad("Each resource must appear at most once.");
        if (keyTwice) return bad("Error due to duplicate config keys");
        if (valueless != null) return bad("Null value not supported for : " + valueless);
        if (type != BrokerResource.TOPIC) return null;
        if (name.isEmpty()) return bad("Default topic resources are not allowed.");
        String problem = Topic.nameProblem(name);
        return problem == null ? null : new Refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
    }

    private static Refusal bad(String message) {
        return new Refusal(ErrorCode.INVALID_REQUEST, message);
    }
}
