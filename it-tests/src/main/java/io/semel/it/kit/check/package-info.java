/**
 * Judges histories: names every anomaly of transactional logs that a history shows, with the operations and
 * offsets that show it. It never talks to a broker and never blames what Kafka's model allows, which it only
 * reports. Start reading at {@link io.semel.it.kit.check.Checker}, then {@link
 * io.semel.it.kit.check.Anomaly}.
 */
package io.semel.it.kit.check;
