package io.semel.broker.courier;

import io.semel.broker.catalogue.Burial;
import io.semel.broker.catalogue.CatalogueCommand;
import io.semel.broker.catalogue.Topic;
import io.semel.broker.partition.TopicRemoval;
import io.semel.group.GroupCommand;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.law.Duty;
import io.semel.kernel.law.ShardHost;
import io.semel.kernel.world.Clock;

/**
 * Removes what deleted topics left behind: the offsets of groups, so that a new topic of the name does not
 * begin where they stood in the old one, then the files. Doing it twice does no harm, so that a crash in
 * between costs only a repetition. Owned by the catalogue's lane.
 */
public final class BurialCourier implements ShardHost.Carrier<CatalogueCommand> {
    private final TopicRemoval removal;
    private final Groups groups;
    private final Lane lane;
    private final Clock clock;

    public BurialCourier(TopicRemoval removal, Groups groups, Lane lane, Clock clock) {
        this.removal = removal;
        this.groups = groups;
        this.lane = lane;
        this.clock = clock;
    }

    @Override
    public void carry(Duty owed, ShardHost.Outcome<CatalogueCommand> outcome) {
        Topic topic = ((Burial) owed).topic();
        int[] left = {groups.partitions()};
        for (int partition = 0; partition < groups.partitions(); partition++) {
            groups.askPartition(partition, new GroupCommand.ForgetTopic(topic.name()), lane, reply -> {
                if (--left[0] == 0) removeFiles(topic, outcome);
            });
        }
    }

    private void removeFiles(Topic topic, ShardHost.Outcome<CatalogueCommand> outcome) {
        removal.remove(topic.name(), topic.partitions(), topic.id(), lane, problem ->
                outcome.settle(problem == null ? new CatalogueCommand.Bury(topic.name(), topic.id()) : null,
                        clock.nowMs()));
    }
}
