/**
 * Stories with the real Apache Kafka clients against the engine, over real sockets.
 * They use only what a user of those clients can call; nothing here looks into the engine.
 * Start reading at {@link io.semel.it.client.TransactionsStoryTest}.
 */
package io.semel.it.client;
