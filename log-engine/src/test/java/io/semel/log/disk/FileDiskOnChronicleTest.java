package io.semel.log.disk;

import io.semel.kernel.world.Disk;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileDiskOnChronicleTest extends DiskContract {
    @TempDir
    Path root;

    @Override
    Disk newDisk() {
        return new FileDisk(root, IndexKind.CHRONICLE);
    }
}
