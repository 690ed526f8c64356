package io.semel.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The coordinator's stories as text: a change of behaviour is a change of a file. Run with
 * {@code -Dsemel.transcripts=write} to write the outcomes as they are now, then read the diff.
 */
class TranscriptTest {
    private static final Path STORIES = Path.of("src/test/resources/transcripts");

    @ParameterizedTest
    @ValueSource(strings = {"commit-version-2", "commit-version-1", "fencing", "time-out",
        "crash-between-prepare-and-complete",
        "epochs-run-out", "late-and-repeated", "five-seconds"})
    void isAsItWas(String name) throws IOException {
        Path file = STORIES.resolve(name + ".txt");
        String story = Files.readString(file);

        String retold = Transcript.retell(story);

        if ("write".equals(System.getProperty("semel.transcripts"))) Files.writeString(file, retold);
        else assertEquals(story, retold, name);
    }
}
