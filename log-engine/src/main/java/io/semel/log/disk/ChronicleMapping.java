package io.semel.log.disk;

import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.MappedBytes;

/** chronicle-bytes' mapping of one file; chronicle writes in the machine's byte order, so values are turned round. */
final class ChronicleMapping implements Mapping {
    static {
        setUnlessSet("chronicle.announcer.disable", "true");
        setUnlessSet("chronicle.analytics.disable", "true");
        setUnlessSet("disable.resource.warning", "true");
    }

    private final MappedBytes bytes;

    /** Extends the file to the capacity, sparsely. */
    ChronicleMapping(Path path, int capacity) throws IOException {
        this.bytes = MappedBytes.singleMappedBytes(path.toFile(), capacity);
        bytes.singleThreadedCheckDisabled(true);
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

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }
}
