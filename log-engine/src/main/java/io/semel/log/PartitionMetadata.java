package io.semel.log;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code partition.metadata}, in Kafka's format: which topic's log lies in a directory, so that one of
 * another topic of that name, put there from a copy or left by another broker, is never taken for it.
 * Stateless.
 */
final class PartitionMetadata {
    private static final Pattern TOPIC_ID = Pattern.compile("topic_id: *([A-Za-z0-9_-]{22})\\s*");
    private static final String NO_ID = "AAAAAAAAAAAAAAAAAAAAAA";

    private PartitionMetadata() {
    }

    /**
     * What is to be written there: null when it is there already, or the topic has no id. What cannot be read
     * is written anew.
     *
     * @throws DiskFailure the directory is another topic's; nothing was changed
     */
    static String owed(Disk disk, String directory, String topicId) {
        if (topicId == null) return null;
        String path = directory + "/" + LogNames.METADATA;
        String found = idIn(SmallFile.readText(disk, path));
        if (found == null) return "version: 0\ntopic_id: " + topicId;
        if (found.equals(topicId)) return null;
        throw new DiskFailure(path + ": this directory belongs to a topic with the id " + found + ", but the"
                + " topic of that name here has the id " + topicId + ": nothing of it is served or changed."
                + " Move the directory away and restore the right one; if its records are this topic's,"
                + " delete " + LogNames.METADATA + ", and start the broker again", null);
    }

    private static String idIn(String text) {
        if (text == null) return null;
        for (String line : text.split("\n")) {
            Matcher id = TOPIC_ID.matcher(line);
            if (id.matches() && !id.group(1).equals(NO_ID)) return id.group(1);
        }
        return null;
    }
}
