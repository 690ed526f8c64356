package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.Disk;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a topic's files once the catalogue no longer knows it. The directory is renamed first ({@code
 * topic-partition.ID-delete}), so that a crash in between leaves nothing that looks alive. Doing it again
 * does no harm. Any lane.
 */
public final class TopicRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(TopicRemoval.class);
    /** How a directory that waits for its deletion ends. */
    public static final String SUFFIX = "-delete";
    /** So that the new name stays within the 255 bytes of a file name. */
    private static final int LONGEST_KEPT = 200;

    /** Forgets what was written down of partitions: a new one of the name must not be held to it. */
    public interface Forgetting {
        /** Runs {@code then} on {@code home}, with null once it is forgotten durably. */
        void forget(Collection<TopicPartition> names, Lane home, Consumer<Throwable> then);
    }

    private final Rooms rooms;
    private final Disk disk;
    private final boolean leavesFiles;
    private final Forgetting forgetting;

    public TopicRemoval(Rooms rooms, World world, Forgetting forgetting) {
        this.forgetting = forgetting;
        this.rooms = rooms;
        this.disk = world.disk();
        this.leavesFiles = world.sabotaged(Saboteur.OLD_FILES_OPENED);
    }

    /** Runs {@code done} on {@code home}: with null when nothing is left, or with why something is. */
    public void remove(String topic, int partitions, UUID id, Lane home, Consumer<Throwable> done) {
        List<TopicPartition> names = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) names.add(new TopicPartition(topic,
                partition));
        Throwable[] first = new Throwable[1];
        int[] left = {names.size()};
        for (TopicPartition name : names) {
            rooms.delete(name, () -> deleteDirectory(name.toString(), id), problem -> home.post(() -> {
                if (problem != null) first[0] = problem;
                if (--left[0] > 0) return;
                if (first[0] == null) forgetting.forget(names, home, done);
                else failed(topic, first[0], done);
            }));
        }
    }

    private static void failed(String topic, Throwable problem, Consumer<Throwable> done) {
        LOG.error("files of the deleted topic {} are left behind, it is tried again: {}", topic,
                problem.getMessage());
        done.accept(problem);
    }

    /** On an I/O thread. */
    private void deleteDirectory(String directory, UUID id) {
        if (leavesFiles) {
            String metadata = directory + "/partition.metadata";
            if (disk.exists(metadata)) disk.delete(metadata);
            return;
        }
        int kept = Math.min(directory.lastIndexOf('-'), LONGEST_KEPT);
        String doomed = directory.substring(0, kept) + directory.substring(directory.lastIndexOf('-')) + "."
                + id.toString().replace("-", "") + SUFFIX;
        if (disk.exists(directory)) {
            disk.rename(directory, doomed);
            disk.forceDirectory("");
        }
        if (disk.exists(doomed)) deleteRenamed(disk, doomed);
    }

    /** Deletes a directory renamed earlier, perhaps before a crash. On an I/O thread. */
    public static void deleteRenamed(Disk disk, String directory) {
        for (String file : disk.list(directory)) disk.delete(directory + "/" + file);
        disk.delete(directory);
        disk.forceDirectory("");
    }
}
