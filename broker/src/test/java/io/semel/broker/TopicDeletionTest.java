package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.sim.Survival;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class TopicDeletionTest {
    private static final int SEEDS = 30;

    @Test
    void letsNothingOfTheOldTopicComeBackWhenTheBrokerDiesInTheMiddle() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            SimBroker sim = SimBroker.start(seed);
            SimVerbs verbs = new SimVerbs(sim);
            verbs.createTopic("t", 2, Map.of());
            for (int partition = 0; partition < 2; partition++) verbs.errorOfProduce("t", partition,
                    SimVerbs.batch("old"));

            verbs.client.post(ApiKeys.DELETE_TOPICS, 1, SimVerbs.deletion("t"));
            for (int step = 0; step < seed * 4; step++) sim.run.step();
            sim.reboot(seed % 2 == 0 ? Survival.POWER_CUT : Survival.KILL);

            SimVerbs after = new SimVerbs(sim);
            CreateTopicsResponseData created = after.client.ask(ApiKeys.CREATE_TOPICS, 7,
                    SimVerbs.creation("t", 2, Map.of()));
            Errors told = Errors.forCode(created.topics().find("t").errorCode());
            boolean stillThere = told == Errors.TOPIC_ALREADY_EXISTS;
            for (int partition = 0; partition < 2; partition++) {
                long end = after.offset(7, "t", partition, SimVerbs.LATEST, false).offset();
                assertEquals(stillThere ? 1 : 0, end, "seed " + seed + " partition " + partition);
            }
        }
    }

    @Test
    void takesNothingFromATopicOfTheSameNameThatIsMadeMeanwhile() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            SimBroker sim = SimBroker.start(seed);
            SimVerbs verbs = new SimVerbs(sim);
            verbs.createTopic("t");
            verbs.errorOfProduce("t", 0, SimVerbs.batch("old"));

            int deleting = sim.connect().post(ApiKeys.DELETE_TOPICS, 1, SimVerbs.deletion("t"));
            assertTrue(deleting > 0);
            while (creation(verbs).errorCode() == Errors.TOPIC_ALREADY_EXISTS.code()) sim.run.step();
            assertEquals(Errors.NONE, verbs.errorOfProduce("t", 0, SimVerbs.batch("new")), "seed " + seed);
            sim.run.passMs(1_000);

            assertEquals(1, verbs.end("t", false), "seed " + seed);
        }
    }

    @Test
    void removesEveryPartitionOfATopicWithAVeryLongName() {
        SimBroker sim = SimBroker.start(1);
        SimVerbs verbs = new SimVerbs(sim);
        String name = "n".repeat(249);
        verbs.createTopic(name, 8, Map.of());
        for (int partition = 0; partition < 8; partition++) verbs.errorOfProduce(name, partition,
                SimVerbs.batch("old"));

        DeleteTopicsResponseData answer = verbs.client.ask(ApiKeys.DELETE_TOPICS, 1, SimVerbs.deletion(name));
        sim.run.passMs(1_000);

        assertEquals(Errors.NONE, Errors.forCode(answer.responses().iterator().next().errorCode()));
        assertTrue(sim.world().disk().list("").stream().noneMatch(file -> file.startsWith("n")));
    }

    private static CreatableTopicResult creation(SimVerbs verbs) {
        CreateTopicsResponseData created = verbs.client.ask(ApiKeys.CREATE_TOPICS, 7, SimVerbs.creation("t",
                1, Map.of()));
        return created.topics().find("t");
    }
}
