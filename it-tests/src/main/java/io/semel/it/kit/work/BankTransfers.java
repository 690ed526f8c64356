package io.semel.it.kit.work;

import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Operation;
import io.semel.it.kit.history.Recorder;
import io.semel.it.kit.history.Seen;
import io.semel.it.kit.history.Tape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Transfers between accounts, each a debit and a credit in one transaction, mostly on two partitions:
 * whatever fails, the bank owns as much at the end as at the beginning, which is nothing. Stateless.
 */
public final class BankTransfers implements Workload {
    private static final int ACCOUNTS = 20;
    private static final int ABORT_ONE_IN = 6;

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public void run(Plan plan, Recorder recorder) {
        String topic = plan.name() + "-accounts";
        Desk desk = new Desk(plan);
        desk.createTopics(List.of(topic));
        List<TopicPartition> partitions = Topics.partitions(plan, List.of(topic));
        List<String> ids = new ArrayList<>();
        Crew crew = new Crew(plan);
        for (int client = 0; client < plan.clients(); client++) {
            String id = plan.name() + "-teller-" + client;
            ids.add(id);
            crew.works(client, (life, random) -> new Teller(desk, recorder.process(id + "-" + life), id,
                    topic, plan.partitions(), random));
        }
        crew.follows(-1, (life, random) -> Watch.open(desk, recorder, life, partitions));
        crew.finish();
        new Aftermath(plan, desk, recorder).fence(ids).drain(partitions);
    }

    /** What every account holds, as the last reader of the history saw it. */
    public static Map<String, Long> balances(History history) {
        Map<String, Long> balances = new TreeMap<>();
        for (Operation operation : history.operations()) {
            if (!operation.process().equals(Aftermath.READER)) continue;
            for (Seen seen : operation.records()) {
                String[] words = seen.value().split(" ");
                balances.merge(words[1], Long.parseLong(words[2]), Long::sum);
            }
        }
        return balances;
    }

    private static final class Teller implements Session {
        private final Producer<String, String> producer;
        private final String process;
        private final String topic;
        private final int partitions;
        private final SplittableRandom random;
        private int transfers;

        Teller(Desk desk, Tape tape, String id, String topic, int partitions, SplittableRandom random) {
            this.process = tape.process();
            this.topic = topic;
            this.partitions = partitions;
            this.random = random;
            this.producer = desk.producer(tape, id);
            try {
                producer.initTransactions();
            } catch (RuntimeException failed) {
                abandon();
                throw failed;
            }
        }

        @Override
        public void step() {
            long amount = 1 + random.nextInt(100);
            int payer = random.nextInt(ACCOUNTS);
            int payee = (payer + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            producer.beginTransaction();
            transfers++;
            moves(payer, -amount);
            moves(payee, amount);
            if (random.nextInt(ABORT_ONE_IN) == 0) producer.abortTransaction();
            else producer.commitTransaction();
        }

        private void moves(int account, long amount) {
            String name = "account-" + account;
            producer.send(new ProducerRecord<>(topic, account % partitions, name,
                    process + "." + transfers + " " + name + " " + amount));
        }

        @Override
        public void abandon() {
            Closing.drop(producer);
        }
    }
}
