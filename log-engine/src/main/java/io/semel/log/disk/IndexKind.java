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
        return allowed() == CHRONICLE && chroniclePresent() ? CHRONICLE : JDK;
    }

    /** As {@link #best}, whether or not chronicle-bytes is there: to look for it opens every jar there is. */
    public static IndexKind allowed() {
        Module base = Object.class.getModule();
        Module ours = IndexKind.class.getModule();
        boolean flagged = base.isOpen("java.lang.reflect", ours) && base.isExported("sun.nio.ch", ours)
                && base.isExported("jdk.internal.ref", ours);
        return flagged ? CHRONICLE : JDK;
    }

    private static boolean chroniclePresent() {
        ClassLoader loader = IndexKind.class.getClassLoader();
        return loader.getResource("net/openhft/chronicle/bytes/MappedBytes.class") != null;
    }
}
