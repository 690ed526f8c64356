/**
 * What one partition remembers of its producers, so that a retried batch is answered and not written twice,
 * and the arithmetic of sequence numbers that a client shares with it. It never writes a log, asks a
 * coordinator or looks at a clock: its caller does. Start reading at
 * {@link io.semel.idempotence.ProducerLedger}.
 */
package io.semel.idempotence;
