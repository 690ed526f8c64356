/**
 * One workload against several contenders: warmed up, then taking turns for some rounds, with medians. Knows
 * neither brokers' settings nor what a workload does. Start reading at {@link io.semel.bench.turns.Turns}.
 */
package io.semel.bench.turns;
