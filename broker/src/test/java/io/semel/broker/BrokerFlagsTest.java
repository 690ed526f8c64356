package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Given;
import io.semel.broker.config.Given.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Two readers of the same words: ours for plain ones, picocli for all. */
class BrokerFlagsTest {
    private static final long SEED = Long.getLong("semel.seed", 7);
    private static final int DRAWS = 20_000;
    private static final List<String> WORDS = List.of("--data", "--data", "--listen", "--durability", "--set",
            "--set", "--config", "--partitions", "--advertise", "--data=d", "--set=a=b", "--set=a",
            "--config=", "--listen=h:1", "--print-config",
            "--help", "-h", "-V", "--dada", "d", "d", "h:2", "h:2", "a=b",
            "a=b=c", "=b", "a=", "force", "3", "", "-1", "--", "@file", "\"q\"", "'q'", "two words", "--set=",
            "-x=y");

    @Test
    void readsPlainFlags() {
        BrokerFlags flags = BrokerFlags.plain("--data", "d", "--set", "b=1", "--listen=h:1", "--set=a=x=y",
                "--config", "some file");

        assertEquals(new BrokerFlags(Path.of("some file"), List.of(
                new Given(Source.FLAG, "b", "1", "--set b"), new Given(Source.FLAG, "a", "x=y", "--set a"),
                new Given(Source.FLAG, "log.dirs", "d", "--data"),
                new Given(Source.FLAG, "listeners", "h:1", "--listen")), false), flags);
    }

    @Test
    void leavesHelpAndMistakesToPicocli() {
        for (String[] words : new String[][] {{"--help"}, {"--data"}, {"--data", "d", "--data", "e"}, {"d"},
                {"--set", "a"}, {"--print-config"}, {"--data", "--listen"}, {"--dada", "d"}}) {
            assertNull(BrokerFlags.plain(words), String.join(" ", words));
        }
        assertNotNull(BrokerFlags.plain(), "no flags are plain");
    }

    @Test
    void saysOfPlainWordsWhatPicocliSays() {
        SplittableRandom random = new SplittableRandom(SEED);
        int plain = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            List<String> drawn = new ArrayList<>();
            int count = random.nextInt(7);
            while (drawn.size() < count) drawn.add(WORDS.get(random.nextInt(WORDS.size())));
            String[] words = drawn.toArray(String[]::new);
            BrokerFlags ours = BrokerFlags.plain(words);
            if (ours == null) continue;
            plain++;
            assertEquals(byPicocli(words), ours, "seed " + SEED + ": " + drawn);
        }
        assertTrue(plain > DRAWS / 20, plain + " of them were plain");
    }

    private static BrokerFlags byPicocli(String... words) {
        try {
            return BrokerFlags.of(new CommandLine(BrokerFlags.spec(() -> 0)).parseArgs(words));
        } catch (ParameterException mistake) {
            return null;
        }
    }
}
