package io.semel.broker.desk;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Topic ids as the protocol's class and as ours. */
final class Ids {
    private Ids() {
    }

    static Uuid wire(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static UUID ours(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
