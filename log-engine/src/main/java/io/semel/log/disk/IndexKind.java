package io.semel.log.disk;

/** What carries mapped indexes. */
public enum IndexKind {
    /** chronicle-bytes; needs the JVM flags of the launcher. */
    CHRONICLE(1),
    /** The JDK's mapped buffers; needs nothing. */
    JDK(0);

    private final int filesPerMapping;

    IndexKind(int filesPerMapping) {
        this.filesPerMapping = filesPerMapping;
    }

    /** Files that are open as long as something is mapped: chronicle-bytes keeps one. */
    public int filesPerMapping() {
        return filesPerMapping;
    }

    /** chronicle-bytes when this JVM was started with its flags, else the JDK. Looks, and does not try. */
    public static IndexKind best() {
        Module base = Object.class.getModule();
        Module ours = IndexKind.class.getModule();
        boolean flagged = base.isOpen("java.lang.reflect", ours) && base.isExported("sun.nio.ch", ours)
                && base.isExported("jdk.internal.ref", ours);
        return flagged && chroniclePresent() ? CHRONICLE : JDK;
    }

    private static boolean chroniclePresent() {
        ClassLoader loader = IndexKind.class.getClassLoader();
        return loader.getResource("net/openhft/chronicle/bytes/MappedBytes.class") != null;
    }
}
