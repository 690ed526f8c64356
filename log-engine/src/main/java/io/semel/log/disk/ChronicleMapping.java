package io.semel.log.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.MappedBytes;

/**
 * chronicle-bytes' mapping of one file; chronicle writes in the machine's byte order, so values are turned
 * round. It is kept quiet: no banner, no call home, no lines about how long a mapping took.
 */
final class ChronicleMapping implements Mapping {
    static {
        setUnlessSet("chronicle.announcer.disable", "true");
        setUnlessSet("chronicle.analytics.disable", "true");
        setUnlessSet("disable.resource.warning", "true");
        setUnlessSet("disable.perf.info", "true");
        setUnlessSet("org.slf4j.simpleLogger.log.net.openhft", "warn");
    }

    private static final int PAGE_BYTES = 4096;

    private final MappedBytes bytes;

    /**
     * Extends the file to whole pages, sparsely. One chunk of chronicle's chunked mapping, touched here: its
     * single mapping is not unmapped when it is released.
     */
    ChronicleMapping(Path path, int capacity) throws IOException {
        long chunkBytes = (capacity + PAGE_BYTES - 1L) / PAGE_BYTES * PAGE_BYTES;
        this.bytes = MappedBytes.mappedBytes(path.toFile(), chunkBytes, 0);
        bytes.singleThreadedCheckDisabled(true);
        bytes.readByte(0);
    }

    @Override
    public int getInt(int position) {
        return Integer.reverseBytes(bytes.readInt(position));
    }

    @Override
    public long getLong(int position) {
        return Long.reverseBytes(bytes.readLong(position));
    }

    @Override
    public void putInt(int position, int value) {
        bytes.writeInt(position, Integer.reverseBytes(value));
    }

    @Override
    public void putLong(int position, long value) {
        bytes.writeLong(position, Long.reverseBytes(value));
    }

    @Override
    public void unmap() {
        bytes.releaseLast();
    }

    /**
     * Loads chronicle's classes beside everything else: a third of a second that the first lane to need them
     * would wait.
     *
     * @param loaded runs on another thread when they are; never, where no temporary file can be made
     */
    static void warmUp(Runnable loaded) {
        Thread thread = new Thread(() -> mapOnce(loaded), "semel-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void mapOnce(Runnable loaded) {
        try {
            Path file = Files.createTempFile("semel", ".index");
            try {
                new ChronicleMapping(file, PAGE_BYTES).unmap();
            } finally {
                Files.delete(file);
            }
            loaded.run();
        } catch (IOException noTemporaryFiles) {
            return;
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
