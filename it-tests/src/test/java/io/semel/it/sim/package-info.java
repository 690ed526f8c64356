/**
 * The whole broker in the simulated world: clients in the style of the real ones, a nemesis, and an oracle
 * that knows what is allowed. The broker is the very class the command line starts, never a model; netty and
 * real files are left to other tests.
 * Start reading at {@link io.semel.it.sim.Story}, then {@link io.semel.it.sim.Oracle}.
 */
package io.semel.it.sim;
