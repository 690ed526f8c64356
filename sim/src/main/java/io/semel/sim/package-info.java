/**
 * The simulated twin of every seam in kernel: one thread and one seed drive clock, lanes, disk, background
 * work and network.
 * It never knows what runs in it: no broker, no protocol, no clients; those are brought by the tests.
 * Start reading at {@link io.semel.sim.SimWorld}, then {@link io.semel.sim.SimRun}, which picks what happens
 * next.
 */
package io.semel.sim;
