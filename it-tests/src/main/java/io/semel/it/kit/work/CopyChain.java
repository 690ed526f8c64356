package io.semel.it.kit.work;

import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Tape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A feeder and two stages of consume-transform-produce (KIP-447), each a group of exactly-once copiers: what
 * is fed arrives at the end once, in the offsets as in the output. Stateless.
 */
public final class CopyChain implements Workload {
    private static final int STAGES = 2;
    /** Records that a step feeds. */
    private static final int AT_ONCE = 10;

    @Override
    public String name() {
        return "copy";
    }

    @Override
    public void run(Plan plan, Recorder recorder) {
        List<String> topics = new ArrayList<>();
        for (int stage = 0; stage <= STAGES; stage++) topics.add(plan.name() + "-stage-" + stage);
        Desk desk = new Desk(plan);
        desk.createTopics(topics);
        List<TopicPartition> partitions = Topics.partitions(plan, topics);
        List<String> ids = new ArrayList<>();
        Crew crew = new Crew(plan);
        crew.works(-2, (life, random) -> new Feeder(desk, recorder.process(plan.name() + "-feed-" + life),
                topics.get(0), plan.partitions(), random));
        for (int client = 0; client < plan.clients(); client++) {
            int stage = client % STAGES;
            String id = plan.name() + "-copy-" + client;
            ids.add(id);
            crew.follows(client, (life, random) -> copier(plan, desk, recorder, id + "-" + life, id, stage,
                    topics, random));
        }
        crew.follows(-1, (life, random) -> Watch.open(desk, recorder, life, partitions));
        crew.finish();
        end(plan, desk, recorder, topics, ids, partitions);
    }

    private static Copier copier(Plan plan, Desk desk, Recorder recorder, String process, String id,
            int stage, List<String> topics, SplittableRandom random) {
        return new Copier(desk, recorder.process(process), id, group(plan, stage), topics.get(stage),
                topics.get(stage + 1), random);
    }

    private static String group(Plan plan, int stage) {
        return plan.name() + "-copiers-" + stage;
    }

    /** What is left on the way is copied by one copier after the other; then all is read. */
    private static void end(Plan plan, Desk desk, Recorder recorder, List<String> topics, List<String> ids,
            List<TopicPartition> partitions) {
        Aftermath aftermath = new Aftermath(plan, desk, recorder).fence(ids);
        for (int stage = 0; stage < STAGES; stage++) {
            int which = stage;
            String id = plan.name() + "-last-" + stage;
            ids.add(id);
            List<TopicPartition> inputs = Topics.partitions(plan, List.of(topics.get(stage)));
            aftermath.insist((life, deadlineNs) -> {
                Copier copier = copier(plan, desk, recorder, id + "-" + life, id, which, topics, null);
                try {
                    copier.finish(inputs, deadlineNs);
                } finally {
                    copier.abandon();
                }
            });
        }
        aftermath.fence(ids).drain(partitions);
        for (int stage = 0; stage < STAGES; stage++) {
            aftermath.stands(group(plan, stage), Topics.partitions(plan, List.of(topics.get(stage))));
        }
    }

    private static final class Feeder implements Session {
        private final Producer<String, String> producer;
        private final String process;
        private final String topic;
        private final int partitions;
        private final SplittableRandom random;
        private int values;

        Feeder(Desk desk, Tape tape, String topic, int partitions, SplittableRandom random) {
            this.process = tape.process();
            this.topic = topic;
            this.partitions = partitions;
            this.random = random;
            this.producer = desk.producer(tape, null);
        }

        @Override
        public void step() {
            for (int record = 0; record < AT_ONCE; record++) {
                producer.send(new ProducerRecord<>(topic, random.nextInt(partitions), null,
                        process + "." + ++values));
            }
            producer.flush();
        }

        @Override
        public void abandon() {
            Closing.quietly(producer::flush);
            Closing.drop(producer);
        }
    }
}
