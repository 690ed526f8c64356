package io.semel.it.kit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.kit.Workbench;
import io.semel.it.kit.engine.Engine;
import io.semel.it.kit.engine.RunningEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Faults drawn from a seed: the same seed, the same faults; and their story can be told and had again. */
class PlanTest {
    private static List<Strike> strikes(Plan plan, boolean backwards) {
        Fates fates = new Fates(0);
        fates.follow(plan);
        for (int index = 0; index < 1_000; index++) {
            boolean first = (index % 2 == 0) != backwards;
            fates.decide(new Request(ApiKeys.END_TXN, (short) 5, index, first ? "a" : "b", 0, new byte[0]));
        }
        return fates.schedule().stream().sorted(Comparator.comparing(Strike::toString)).toList();
    }

    @Test
    void drawsTheSameFaultsFromTheSameSeedInAnyOrderOfClients() {
        List<Strike> once = strikes(Faults.random(7, Profile.ROUGH), false);
        List<Strike> again = strikes(Faults.random(7, Profile.ROUGH), true);

        assertEquals(once, again);
        assertTrue(once.size() > 100 && once.size() < 500, () -> once.size() + " strikes of 1,000 calls");
        assertNotEquals(once, strikes(Faults.random(8, Profile.ROUGH), false));
    }

    @Test
    void replaysWhatItTold() {
        List<Strike> once = strikes(Faults.random(7, Profile.ROUGH), false);
        StringBuilder story = new StringBuilder("# seed 7\n");
        once.forEach(strike -> story.append(strike).append('\n'));

        assertEquals(once, strikes(Faults.replay(story.toString()), false));
    }

    @Test
    void sparesApisThatAreNotMeant() {
        assertEquals(List.of(), strikes(Faults.random(7, Profile.ROUGH.of(ApiKeys.PRODUCE)), false));
    }

    @Test
    void neverMakesTwoProducersOfOne() {
        EnumSet<ApiKeys> both = EnumSet.of(ApiKeys.INIT_PRODUCER_ID, ApiKeys.END_TXN);
        Plan plan = Faults.random(7, new Profile(both, 0, 0, 0, 1, 0, Duration.ZERO));
        int duplicates = 0;
        for (int call = 1; call <= 100; call++) {
            Request init = new Request(ApiKeys.INIT_PRODUCER_ID, (short) 5, 1, "a", call, new byte[0]);
            Request end = new Request(ApiKeys.END_TXN, (short) 5, 1, "a", call, new byte[0]);
            assertNull(plan.strike(init, Moment.BEFORE_REQUEST));
            if (plan.strike(end, Moment.BEFORE_REQUEST) != null) duplicates++;
        }
        assertTrue(duplicates > 30, () -> "no duplicates of other requests either");
    }

    @Test
    void drawsAsOftenAsItsProfileSays() {
        Profile even = new Profile(EnumSet.of(ApiKeys.END_TXN), 0.1, 0.1, 0.1, 0.1, 0.1,
                Duration.ofMillis(5));
        int[] counts = new int[2];
        Plan plan = Faults.random(3, even);
        for (int call = 1; call <= 20_000; call++) {
            Request request = new Request(ApiKeys.END_TXN, (short) 5, 1, "a", call, new byte[0]);
            for (Moment moment : Moment.values()) {
                if (plan.strike(request, moment) != null) counts[moment.ordinal()]++;
            }
        }

        assertEquals(0.3, counts[0] / 20_000.0, 0.02);
        assertEquals(0.2, counts[1] / 20_000.0, 0.02);
    }

    @Test
    void refusesAScheduleItCannotReplay() {
        assertThrows(IllegalArgumentException.class, () -> Faults.replay("END_TXN 3"));
    }

    @Test
    void strikesWithTheProbabilityThatIsSaidAndTheSameCallsForTheSameSeed() {
        List<Integer> once = probable(5);

        assertEquals(once, probable(5));
        assertNotEquals(once, probable(6));
        assertEquals(100, once.size(), 40);
    }

    private static List<Integer> probable(long seed) {
        Fates fates = new Fates(seed);
        Calls calls = Calls.of(null, ApiKeys.END_TXN).withProbability(0.1);
        fates.arm(calls, Moment.AFTER_APPEND, new Action.HangUp(false));
        for (int index = 0; index < 1_000; index++) {
            fates.decide(new Request(ApiKeys.END_TXN, (short) 5, index, "a", 0, new byte[0]));
        }
        return fates.schedule().stream().map(Strike::call).toList();
    }

    @Test
    @Engine
    void isSurvivedByATransactionalProducer(RunningEngine engine, Faults faults) throws Exception {
        faults.follow(Faults.random(Profile.ROUGH));
        Workbench bench = Workbench.at(faults.bootstrap());
        TopicPartition topic = bench.topic("rough");
        List<String> committed = new ArrayList<>();
        faults.telling(() -> {
            try (KafkaProducer<String, String> producer = bench.transactional("rough")) {
                for (int number = 0; number < 60 * Integer.getInteger("semel.scale", 1); number++) {
                    producer.beginTransaction();
                    producer.send(new ProducerRecord<>("rough", 0, null, "value " + number));
                    producer.commitTransaction();
                    committed.add("value " + number);
                }
            }
            assertEquals(committed, Workbench.at(engine.bootstrap()).values(topic));
            return null;
        });
        assertTrue(faults.schedule().size() > 5, faults::story);
        engine.assertNoOpenTransactions();
    }
}
