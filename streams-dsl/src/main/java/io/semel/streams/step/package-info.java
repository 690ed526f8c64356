/**
 * What the verbs do that need more than a line: windows, sessions, joins, table aggregates, timers, each over
 * one ordered store whose keys say kind, time and key of a row. A step keeps nothing between two calls but in
 * its store, stream time included, so that a crash forgets nothing and takes nothing back. Start reading in
 * {@link io.semel.streams.step.WindowFold}; the encoding of rows is in {@link
 * io.semel.streams.step.Rows}.
 */
package io.semel.streams.step;
