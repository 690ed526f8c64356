package io.semel.broker.partition;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.Disk;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a topic's files once the catalogue no longer knows it. The directory is renamed first ({@code topic-partition.ID-delete}),
 * so that a topic of the same name can be created at once and a crash in between leaves nothing that looks alive. Any lane.
 */
public final class TopicRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(TopicRemoval.class);
    /** How a directory that waits for its deletion ends. */
    public static final String SUFFIX = "-delete";
    /** So that the new name stays within the 255 bytes of a file name. */
    private static final int LONGEST_KEPT = 200;

    /** Forgets what was written down of partitions, before their files go: a new one of the name must not be held to it. */
    public interface Forgetting {
        /** Runs {@code then} on {@code home} once it is forgotten. */
        void forget(Collection<TopicPartition> names, Lane home, Runnable then);
    }

    private final Rooms rooms;
    private final Disk disk;
    private final Forgetting forgetting;

    public TopicRemoval(Rooms rooms, Disk disk, Forgetting forgetting) {
        this.forgetting = forgetting;
        this.rooms = rooms;
        this.disk = disk;
    }

    /** Runs {@code done} on {@code home} when every partition's directory is out of the way. */
    public void remove(String topic, int partitions, UUID id, Lane home, Runnable done) {
        List<TopicPartition> names = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) names.add(new TopicPartition(topic, partition));
        forgetting.forget(names, home, () -> delete(names, id, home, done));
    }

    private void delete(List<TopicPartition> names, UUID id, Lane home, Runnable done) {
        int[] left = {names.size()};
        for (TopicPartition name : names) {
            rooms.delete(name, () -> deleteDirectory(name.toString(), id), problem -> {
                if (problem != null) LOG.error("{}: files are left behind: {}", name, problem.getMessage());
                home.post(() -> {
                    if (--left[0] == 0) done.run();
                });
            });
        }
    }

    /** On an I/O thread. */
    private void deleteDirectory(String directory, UUID id) {
        if (!disk.exists(directory)) return;
        String doomed = directory.substring(0, Math.min(directory.length(), LONGEST_KEPT)) + "." + id.toString().replace("-", "") + SUFFIX;
        disk.rename(directory, doomed);
        disk.forceDirectory("");
        deleteRenamed(disk, doomed);
    }

    /** Deletes a directory renamed earlier, perhaps before a crash. On an I/O thread. */
    public static void deleteRenamed(Disk disk, String directory) {
        for (String file : disk.list(directory)) disk.delete(directory + "/" + file);
        disk.delete(directory);
        disk.forceDirectory("");
    }
}
