/**
 * Commands for the shell. They are clients of a running broker and speak nothing but the public protocol, so
 * that most work against any Kafka; they never look into a data directory. Start reading at {@link
 * io.semel.broker.cli.TxnsMain}.
 */
package io.semel.broker.cli;
