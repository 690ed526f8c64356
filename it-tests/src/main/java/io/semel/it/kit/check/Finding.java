package io.semel.it.kit.check;

import io.semel.it.kit.history.Operation;
import java.util.List;

/**
 * One anomaly, where it is and which operations show it. Immutable.
 *
 * @param judged false when Kafka's model allows it
 * @param words what happened, with partitions and offsets
 */
public record Finding(Anomaly anomaly, boolean judged, String words, List<Operation> operations) {
}
