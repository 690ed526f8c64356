/**
 * The protocol's error codes, for rooms that do not see the protocol's messages.
 * An error code is a value that travels to the client; it is never thrown.
 * Start reading at {@link io.semel.wire.error.ErrorCode}.
 */
package io.semel.wire.error;
