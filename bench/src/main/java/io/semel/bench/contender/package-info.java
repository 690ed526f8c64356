/**
 * Brokers under measurement, each in a process of its own: how they are started, killed, started again and
 * watched from outside. Never talks to a broker's port. Start reading at {@link
 * io.semel.bench.contender.Contender}.
 */
package io.semel.bench.contender;
