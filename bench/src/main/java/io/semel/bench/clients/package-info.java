/**
 * Workloads as users have them: Apache Kafka's own clients against one contender. Each sets its topics up
 * and removes them again. Start reading at {@link io.semel.bench.clients.Trials}.
 */
package io.semel.bench.clients;
