/**
 * The one door to everything that is not deterministic: clock, entropy, disk, lanes, background I/O.
 * It only states the seams and their promises; the real world lives in log-engine and broker, the simulated
 * one in sim.
 * Start reading at {@link io.semel.kernel.world.World}.
 */
package io.semel.kernel.world;
