package io.semel.log.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandleLimitsTest {
    @TempDir
    private Path directory;

    private HandleLimits found(String limits, String mappings) throws IOException {
        Path one = Files.writeString(directory.resolve("limits"), limits);
        Path other = Files.writeString(directory.resolve("maps"), mappings);
        return HandleLimits.found(one, other);
    }

    @Test
    void readsTheSoftLimitAsLinuxTellsIt() throws IOException {
        String limits = "Limit                     Soft Limit           Hard Limit           Units     \n"
                + "Max cpu time              unlimited            unlimited            seconds   \n"
                + "Max open files            1024                 524288               files     \n";

        assertEquals(new HandleLimits(1_024, 65_530), found(limits, "65530\n"));
    }

    @Test
    void readsThisSystemsNumbersWhole() {
        HandleLimits found = HandleLimits.found();

        assertTrue(found.openFiles() >= 64, found.toString());
        assertTrue(found.mappings() >= 1_000, found.toString());
    }

    @Test
    void takesNoLimitForALargeOne() throws IOException {
        HandleLimits found = found("Max open files            unlimited            unlimited  files\n",
                "9999999999\n");

        assertEquals(new HandleLimits(Integer.MAX_VALUE, Integer.MAX_VALUE), found);
    }

    @Test
    void takesWhatIsUsualWhereNothingIsTold() throws IOException {
        HandleLimits usual = new HandleLimits(4_096, 65_530);

        assertEquals(usual, HandleLimits.found(directory.resolve("none"), directory.resolve("none")));
        assertEquals(usual, found("Max open files   many\n", "65530"));
    }
}
