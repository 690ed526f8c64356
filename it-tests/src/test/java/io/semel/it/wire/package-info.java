/**
 * What the broker answers to frames that no real client would send, and to those that real clients do send,
 * byte for byte over sockets. It knows nothing of the broker's inside and uses no client library.
 * Start reading at {@link io.semel.it.wire.RawClient} and {@link io.semel.it.wire.Verbs}.
 */
package io.semel.it.wire;
