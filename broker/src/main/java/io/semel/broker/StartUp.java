package io.semel.broker;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.catalogue.Topic;
import io.semel.broker.partition.Rooms;
import io.semel.broker.partition.TopicRemoval;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.Published;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.World;
import io.semel.log.DataDirectory;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds everything again: the catalogue first, then every partition that has a directory, all lanes at once.
 * A partition without a directory is opened when it is first used.
 */
final class StartUp {
    private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);
    private static final TopicPartition CATALOGUE = new TopicPartition(Catalogue.CATALOGUE, 0);

    private final World world;
    private final Rooms rooms;
    private final Published<Catalogue> view;
    private final RoomPlan plan;
    private final Checkpoints checkpoints;
    private final LogStarts logStarts;

    StartUp(World world, Rooms rooms, Published<Catalogue> view, RoomPlan plan, Checkpoints checkpoints,
            LogStarts logStarts) {
        this.logStarts = logStarts;
        this.checkpoints = checkpoints;
        this.world = world;
        this.rooms = rooms;
        this.view = view;
        this.plan = plan;
    }

    /** On {@code home}; {@code ready} gets null, or why the broker cannot serve. */
    void run(Lane home, Consumer<Throwable> ready) {
        DataDirectory directory = new DataDirectory(world.disk());
        world.io().run(null, () -> lastLife(directory), home, (life, problem) -> {
            if (problem != null) {
                ready.accept(problem);
                return;
            }
            plan.holdTo(life);
            logStarts.load(life.logStarts());
            plan.cleanerPoints().load(life.cleanerPoints());
            checkpoints.resume(life.recoveryPoints());
            openCatalogue(home, failure -> {
                plan.holdTo(LastLife.UNKNOWN);
                ready.accept(failure);
            });
        });
    }

    /** Leftovers go before the catalogue is opened, which then deletes what else is doomed by itself. */
    private LastLife lastLife(DataDirectory directory) {
        LastLife life = new LastLife(directory.recoveryPoints(), directory.logStarts(),
                directory.cleanerPoints(), directory.takeCleanMark());
        Disk disk = world.disk();
        for (String name : disk.list("")) {
            if (name.endsWith(TopicRemoval.SUFFIX)
                    && disk.isDirectory(name)) TopicRemoval.deleteRenamed(disk, name);
        }
        return life;
    }

    private void openCatalogue(Lane home, Consumer<Throwable> ready) {
        rooms.ask(CATALOGUE, partition -> home.post(() -> sweep(home, ready)), refused ->
                home.post(() -> ready.accept(
                new IllegalStateException("The catalogue cannot be read (" + refused
                        + "): see the messages above."))));
    }

    private void sweep(Lane home, Consumer<Throwable> ready) {
        Disk disk = world.disk();
        world.io().run(null, () -> {
            List<String> directories = new ArrayList<>();
            for (String name : disk.list("")) {
                if (disk.isDirectory(name)) directories.add(name);
            }
            return directories;
        }, home, (directories, problem) -> {
            if (problem != null) ready.accept(problem);
            else openAll(directories, home, ready);
        });
    }

    private void openAll(List<String> directories, Lane home, Consumer<Throwable> ready) {
        List<TopicPartition> known = new ArrayList<>();
        for (String directory : directories) {
            TopicPartition name = nameOf(directory);
            if (name != null) known.add(name);
        }
        int[] left = {known.size() + 1};
        Runnable one = () -> {
            if (--left[0] == 0) ready.accept(null);
        };
        for (TopicPartition name : known) {
            rooms.ask(name, partition -> home.post(one), refused -> home.post(() -> {
                LOG.error("{} stays closed: {}", name, refused == ErrorCode.NONE ? "" : refused);
                one.run();
            }));
        }
        one.run();
    }

    /** Null for a directory that is no partition of a topic that exists: it is left alone. */
    private TopicPartition nameOf(String directory) {
        int dash = directory.lastIndexOf('-');
        if (dash <= 0) return null;
        String topicName = directory.substring(0, dash);
        int partition;
        try {
            partition = Integer.parseInt(directory.substring(dash + 1));
        } catch (NumberFormatException notANumber) {
            return null;
        }
        if (topicName.equals(Catalogue.CATALOGUE)) return null;
        Topic topic = view.read().topic(topicName);
        if (view.read().doomed(topicName) != null) return null;
        if (topic == null || partition >= topic.partitions()) {
            LOG.warn("directory {} belongs to no topic in the catalogue; it is left as it is", directory);
            return null;
        }
        return new TopicPartition(topicName, partition);
    }
}
