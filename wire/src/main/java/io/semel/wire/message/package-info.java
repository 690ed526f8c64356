/**
 * The protocol's messages: which APIs and versions there are, requests out of frames, replies into frames
 * with file ranges.
 * It decides nothing about a request and never throws at what came from the network.
 * Start reading at {@link io.semel.wire.message.RequestFrame}.
 */
package io.semel.wire.message;
