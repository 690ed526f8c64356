package io.semel.broker.catalogue;

import io.semel.kernel.law.Duty;

/**
 * A deleted topic owes the removal of everything it left behind: files, checkpoints, offsets of groups.
 * Until that is done nobody can make a topic of its name. Immutable.
 *
 * @param topic   as it was
 * @param restsOn offset of the event that doomed it
 */
public record Burial(Topic topic, long restsOn) implements Duty {
    @Override
    public Object key() {
        return topic.id();
    }
}
