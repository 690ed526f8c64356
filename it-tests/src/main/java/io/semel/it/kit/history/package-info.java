/**
 * What clients did and were told: operations with their beginning, end and outcome, recorded by wrappers
 * around kafka-clients or written by a client in any language as lines of JSON. It never judges what it
 * records and never changes what a client sends or sees. Start reading at {@link
 * io.semel.it.kit.history.Recorder}, then {@link io.semel.it.kit.history.Operation}.
 */
package io.semel.it.kit.history;
