package io.semel.broker;

import io.semel.broker.catalogue.Catalogue;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.Published;
import io.semel.kernel.world.World;
import io.semel.log.DataDirectory;
import io.semel.wire.topic.TopicPartition;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where each log is clean, in Kafka's {@code cleaner-offset-checkpoint}. Without it everything is
 * cleaned again. A log that is named here may have gaps, also when its topic is compacted no more. Owned by
 * one lane; read from any thread.
 */
final class CleanerPoints {
    private static final Logger LOG = LoggerFactory.getLogger(CleanerPoints.class);

    private final World world;
    private final Lane lane;
    private final Published<Catalogue> view;
    private final DataDirectory directory;
    private final Published<SortedMap<TopicPartition, Long>> points = new Published<>(new TreeMap<>());

    CleanerPoints(World world, Lane lane, Published<Catalogue> view) {
        this.world = world;
        this.lane = lane;
        this.view = view;
        this.directory = new DataDirectory(world.disk());
    }

    /** What the last life has written down; before any partition is opened. On the lane. */
    void load(SortedMap<TopicPartition, Long> last) {
        points.publish(last);
    }

    /** 0 when nothing is written down. */
    long of(TopicPartition name) {
        return points.read().getOrDefault(name, 0L);
    }

    boolean has(TopicPartition name) {
        return points.read().containsKey(name);
    }

    /** On the lane; {@code then} runs there once it is written down, or could not be. */
    void keep(TopicPartition name, long cleanedTo, Runnable then) {
        boolean isThere = name.topic().equals(Catalogue.CATALOGUE) || view.read().topic(name.topic()) != null;
        SortedMap<TopicPartition, Long> next = new TreeMap<>(points.read());
        if (isThere) next.put(name, cleanedTo);
        write(next, problem -> then.run());
    }

    /** On the lane; a new partition of such a name has nothing cleaned. */
    void forget(Collection<TopicPartition> names, Consumer<Throwable> then) {
        SortedMap<TopicPartition, Long> next = new TreeMap<>(points.read());
        if (next.keySet().removeAll(names)) write(next, then);
        else then.accept(null);
    }

    private void write(SortedMap<TopicPartition, Long> next, Consumer<Throwable> then) {
        points.publish(next);
        world.io().run(this, () -> {
            directory.writeCleanerPoints(next);
            return null;
        }, lane, (nothing, problem) -> {
            if (problem != null) LOG.warn("up to where logs are clean was not written down: {}",
                    problem.getMessage());
            then.accept(problem);
        });
    }
}
