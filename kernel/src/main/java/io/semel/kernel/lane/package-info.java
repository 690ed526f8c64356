/**
 * Lanes: who runs what. A lane runs one mail at a time, so that everything it owns needs no lock (I12).
 * This is the only package of the pure floors that may name a thread; it never looks into the mail it
 * carries.
 * Start reading at {@link io.semel.kernel.lane.Lane}.
 */
package io.semel.kernel.lane;
