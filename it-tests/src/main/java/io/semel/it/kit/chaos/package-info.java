/**
 * {@code ./semel chaos}: all workloads at once against a broker that is killed and paused behind a network
 * that fails, then the checker's verdict, in rounds, with a report for people; once more against Apache
 * Kafka if that is asked for. It judges nothing itself and
 * never touches a broker that it has not started, but through its proxy.
 * Start reading at {@link io.semel.it.kit.chaos.ChaosMain}, then {@link io.semel.it.kit.chaos.Round}.
 */
package io.semel.it.kit.chaos;
