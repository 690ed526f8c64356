package io.semel.sim;

import java.nio.ByteBuffer;

/**
 * Looks on at what a process is about to do to its disk and says whether it dies of it, so that a crash falls
 * on a step that has a name, in the midst of a lane's turn or of a piece of background work. Asked on the
 * run's thread.
 */
public interface DiskWatch {
    /** What is about to be done. */
    enum Act { CREATE, WRITE, TRUNCATE, FORCE, FORCE_DIRECTORY, RENAME, DELETE, TRIM }

    /** When the process dies. MIDWAY of a write: a part of it has been taken; of anything else: BEFORE. */
    enum Death { NOT, BEFORE, MIDWAY, AFTER }

    /**
     * @param path what it is done to; of a renaming the new name
     * @param data what is to be written, null for all but writes; not to be changed
     */
    Death about(Act act, String path, ByteBuffer data);
}
