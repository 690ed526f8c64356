package io.semel.log;

/**
 * Names of a log's files, as Kafka gives them: the base offset in twenty digits and an extension. Stateless.
 */
final class LogNames {
    static final String LOG = "log";
    static final String OFFSET_INDEX = "index";
    static final String TIME_INDEX = "timeindex";
    static final String ABORTED_INDEX = "txnindex";
    static final String ABORTED_SUM = ABORTED_INDEX + CheckedFile.EXTENSION;
    static final String EPOCHS = "leader-epoch-checkpoint";
    static final String METADATA = "partition.metadata";
    private static final int DIGITS = 20;

    private LogNames() {
    }

    static String path(String directory, long base, String extension) {
        return directory + "/" + name(base, extension);
    }

    static String name(long base, String extension) {
        String digits = Long.toString(base);
        return "0".repeat(DIGITS - digits.length()) + digits + "." + extension;
    }

    /** The base offset of a file with this extension, -1 for any other name. */
    static long base(String name, String extension) {
        if (name.length() != DIGITS + 1 + extension.length() || !name.endsWith(extension)) return -1;
        if (name.charAt(DIGITS) != '.') return -1;
        for (int index = 0; index < DIGITS; index++) {
            char digit = name.charAt(index);
            if (digit < '0' || digit > '9') return -1;
        }
        try {
            return Long.parseLong(name.substring(0, DIGITS));
        } catch (NumberFormatException tooLarge) {
            return -1;
        }
    }

    static String parent(String directory) {
        int slash = directory.lastIndexOf('/');
        return slash < 0 ? "" : directory.substring(0, slash);
    }
}
