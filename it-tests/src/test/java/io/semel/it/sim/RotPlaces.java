package io.semel.it.sim;

import io.semel.log.DataDirectory;
import io.semel.sim.Dice;
import io.semel.sim.SimDisk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds bits of a broker's files that may turn. In a log only where the checkpoint says that all is durable:
 * a flaw above that is cut away, as what a power cut may have left of writes that nobody was told of. Owned
 * by its story.
 */
final class RotPlaces {
    /** The bytes of a base offset that can only be turned into one far above. */
    private static final int FAR_ABOVE = 5;
    private static final int BASE_OFFSET_SIZE = 8;
    private static final int LENGTH_AT = 8;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int HEADER_SIZE = 61;
    private static final int LOG_OVERHEAD = 12;
    private static final List<String> DERIVED = List.of("index", "timeindex", "snapshot", "txnindex",
            "state", "txnindex.crc");
    private static final String LOG = ".log";

    /**
     * Of a batch of a log: {@code first} is the lowest offset whose reader comes to it, which is its base
     * offset where there are no gaps, {@code next} the base offset of the one behind it. From
     * {@code doubtful} on readers may be told of it: where gaps are allowed only a sound header shows that
     * the batch below is what it says.
     */
    record InLog(String directory, String path, int position, int inBatch, long segmentBase, long first,
            long next, long doubtful) {
        boolean inHeader() {
            return inBatch < HEADER_SIZE;
        }
    }

    /** Of a file that is read whole. */
    record InFile(String path, int position) {
    }

    private final SimDisk disk;
    private final Dice dice;
    private final boolean compacts;

    /** @param compacts whether the topic of the story may have gaps, as journals may */
    RotPlaces(SimDisk disk, Dice dice, boolean compacts) {
        this.disk = disk;
        this.dice = dice;
        this.compacts = compacts;
    }

    /** Somewhere in the log of one of the story's topics or of a coordinator; null where there is none. */
    InLog inLog(List<String> topics) {
        Map<String, Long> durable = recoveryPoints();
        Map<String, List<String>> segments = new TreeMap<>();
        for (String path : disk.files()) {
            String directory = directoryOf(path);
            boolean wanted = path.endsWith(LOG) && durable.getOrDefault(directory, 0L) > baseOf(path)
                    && topics.contains(topicOf(directory));
            if (wanted) segments.computeIfAbsent(directory, name -> new ArrayList<>()).add(path);
        }
        if (segments.isEmpty()) return null;
        List<String> directories = new ArrayList<>(segments.keySet());
        List<String> read = directories.stream().filter(name -> topicOf(name).equals(Clients.TOPIC)).toList();
        if (!read.isEmpty() && dice.percent(60)) directories = read;
        String directory = directories.get(dice.below(directories.size()));
        List<String> paths = segments.get(directory);
        // an opening needs the last one, and opens nothing then
        if (paths.size() > 1 && dice.percent(80)) paths.remove(paths.size() - 1);
        return inSegment(directory, paths.get(dice.below(paths.size())), durable.get(directory));
    }

    private InLog inSegment(String directory, String path, long durable) {
        ByteBuffer bytes = ByteBuffer.wrap(disk.forcedBytesOf(path));
        List<InLog> batches = new ArrayList<>();
        long reached = baseOf(path);
        long before = reached;
        for (int at = 0; at + HEADER_SIZE <= bytes.capacity(); ) {
            long first = reached;
            int size = bytes.getInt(at + LENGTH_AT) + LOG_OVERHEAD;
            long next = bytes.getLong(at) + bytes.getInt(at + LAST_OFFSET_DELTA_AT) + 1;
            if (size < HEADER_SIZE || at + size > bytes.capacity() || next > durable) break;
            int inBatch = dice.below(size);
            if (at + size < bytes.capacity() ? hides(directory, inBatch, FAR_ABOVE)
                    : hides(directory, inBatch, 0)) inBatch = size - 1;
            long doubtful = mayHaveGaps(directory) && inBatch < HEADER_SIZE ? before : first;
            batches.add(new InLog(directory, path, at + inBatch, inBatch, baseOf(path), first, next,
                    doubtful));
            before = reached;
            reached = next;
            at += size;
        }
        return batches.isEmpty() ? null : batches.get(dice.below(batches.size()));
    }

    /**
     * Where gaps are allowed nothing shows that an offset was turned into another one within a gap: no CRC
     * covers it (docs/log-engine.md#damage).
     */
    private boolean hides(String directory, int inBatch, int from) {
        return mayHaveGaps(directory) && inBatch >= from && inBatch < BASE_OFFSET_SIZE;
    }

    private boolean mayHaveGaps(String directory) {
        return compacts || !topicOf(directory).equals(Clients.TOPIC);
    }

    /** In a file that can be made anew from the log; null where there is none. */
    InFile derived() {
        List<String> paths = new ArrayList<>(disk.files());
        String extension = DERIVED.get(dice.below(DERIVED.size()));
        paths.removeIf(path -> !path.endsWith("." + extension));
        return somewhereIn(paths);
    }

    /** In a file that nothing else tells. */
    InFile original() {
        List<String> paths = new ArrayList<>(disk.files());
        paths.removeIf(path -> !path.startsWith(DataDirectory.LOG_STARTS)
                && !path.equals(DataDirectory.CLEANER_POINTS) && !path.endsWith("/partition.metadata"));
        return somewhereIn(paths);
    }

    /** A file and a position in it that cannot be read. */
    InFile badSector() {
        List<String> paths = new ArrayList<>(disk.files());
        if (dice.percent(70)) paths.removeIf(path -> !path.endsWith(LOG));
        return somewhereIn(paths);
    }

    private InFile somewhereIn(List<String> paths) {
        paths.removeIf(path -> sizeOf(path) == 0);
        if (paths.isEmpty()) return null;
        String path = paths.get(dice.below(paths.size()));
        return new InFile(path, dice.below(sizeOf(path)));
    }

    private int sizeOf(String path) {
        return (int) Math.min(disk.forcedBytesOf(path).length, disk.sizeOf(path));
    }

    private Map<String, Long> recoveryPoints() {
        Map<String, Long> points = new TreeMap<>();
        String text = new String(disk.forcedBytesOf(DataDirectory.RECOVERY_POINTS), StandardCharsets.UTF_8);
        text.lines().skip(2).map(line -> line.split(" ")).forEach(fields ->
                points.put(fields[0] + "-" + fields[1], Long.parseLong(fields[2])));
        return points;
    }

    private static long baseOf(String path) {
        return Long.parseLong(path.substring(path.lastIndexOf('/') + 1, path.length() - LOG.length()));
    }

    private static String directoryOf(String path) {
        return path.contains("/") ? path.substring(0, path.indexOf('/')) : "";
    }

    private static String topicOf(String directory) {
        return directory.contains("-") ? directory.substring(0, directory.lastIndexOf('-')) : directory;
    }
}
