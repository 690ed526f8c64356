package io.semel.it.kit.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.history.Operation;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker that is right is never blamed; each way of being wrong is called by its name. */
class ModelStoryTest {
    private static final int HISTORIES = Integer.getInteger("semel.scale", 1) > 1 ? 10_000 : 2_000;
    private static final int TURNS = 400;
    private static final int SEEDS_MOST = 300;

    @Test
    void aRightBrokerIsNeverBlamed() {
        long commits = 0;
        long reads = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = ModelStory.told(seed, TURNS, ModelBroker.Bug.NONE);

            Report report = Checker.check(history);

            if (!report.isClean()) fail("seed " + seed + "\n" + report.text());
            assertEquals(0, report.allowed().getOrDefault(Anomaly.UNRECORDED_VALUE, 0), "seed " + seed);
            for (Operation operation : history.operations()) {
                if (operation.kind() == Kind.COMMIT && operation.isOk()) commits++;
                reads += operation.records().size();
            }
        }
        assertTrue(commits > 5L * HISTORIES && reads > 50L * HISTORIES, commits + " commits, " + reads
                + " reads");
    }

    @ParameterizedTest
    @EnumSource(value = ModelBroker.Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aWrongBrokerIsCalledByItsBug(ModelBroker.Bug bug) {
        Set<Anomaly> named = new TreeSet<>();
        for (int seed = 0; seed < SEEDS_MOST; seed++) {
            named.addAll(Checker.check(ModelStory.told(seed, TURNS, bug)).anomalies());
            if (named.containsAll(bug.names)) return;
        }
        fail(bug + " must be called " + bug.names + " and was called " + named + " in " + SEEDS_MOST
                + " seeds");
    }
}
