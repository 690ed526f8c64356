/**
 * The kit as a whole, as its users put it together: an engine or another broker, the fault proxy in front of
 * it, recorded clients, and the checker's verdict. Not about single parts of the kit, which have tests of
 * their own. Start reading at {@link io.semel.it.kit.story.DelayedEndTxn}.
 */
package io.semel.it.kit.story;
