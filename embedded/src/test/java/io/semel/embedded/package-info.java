/**
 * Proves the embedded jar as a user gets it: on a class path with another kafka-clients, with no JVM flags,
 * on every JDK found. Nothing here runs in the build's own JVM but the starting of those others.
 * Start reading at {@link io.semel.embedded.EmbeddingTest}.
 */
package io.semel.embedded;
