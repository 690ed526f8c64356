package io.semel.broker.desk;

import org.apache.kafka.common.acl.AclOperation;

/**
 * What a client may do (KIP-430): without an authorizer everything that there is to be done, as a set of
 * bits by
 * the operations' codes. Stateless.
 */
final class Allowed {
    static final int ON_TOPICS = bits(AclOperation.READ, AclOperation.WRITE, AclOperation.CREATE,
            AclOperation.DELETE, AclOperation.ALTER, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS);
    static final int ON_CLUSTER = bits(AclOperation.CREATE, AclOperation.ALTER, AclOperation.DESCRIBE,
            AclOperation.CLUSTER_ACTION, AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS,
            AclOperation.IDEMPOTENT_WRITE);

    static final int ON_GROUPS = bits(AclOperation.READ, AclOperation.DELETE, AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);

    private Allowed() {
    }

    private static int bits(AclOperation... operations) {
        int bits = 0;
        for (AclOperation operation : operations) bits |= 1 << operation.code();
        return bits;
    }
}
