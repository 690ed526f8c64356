package io.semel.group.streams;

/** Where a process answers interactive queries ({@code application.server}). Immutable. */
public record Endpoint(String host, int port) {
}
