package io.semel.it.wire;

import java.nio.ByteBuffer;

/** A transactional batch that nobody has enlisted, as clients before KIP-890 could send it. Stateless. */
public final class UnverifiedBatch {
    private static final int BEFORE_KIP_890 = 9;

    private UnverifiedBatch() { }

    /** @return its base offset */
    public static long append(String bootstrap, String topic, int partition, ByteBuffer batch) {
        try (Verbs verbs = new Verbs(bootstrap)) {
            return verbs.accepted(verbs.produce(BEFORE_KIP_890, "nobody's", topic, partition, batch));
        }
    }
}
