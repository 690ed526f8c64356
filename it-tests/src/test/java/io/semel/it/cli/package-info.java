/**
 * The commands of the shell against a running engine, as a person types them. Never looks behind the
 * protocol. Start reading at {@link io.semel.it.cli.TxnsCommandTest}.
 */
package io.semel.it.cli;
