/**
 * One annotation gives a test a running engine, in its own JVM or as a process that can be killed, and
 * tells Spring and Quarkus where it is. It never keeps what an engine wrote: the data directory goes when
 * its scope ends.
 * Start reading at {@link io.semel.it.kit.engine.Engine}, then {@link io.semel.it.kit.engine.RunningEngine}.
 */
package io.semel.it.kit.engine;
