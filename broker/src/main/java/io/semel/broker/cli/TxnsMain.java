package io.semel.broker.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./semel txns}: which transactions are open, who holds back readers of committed records, and how to
 * end it. One thread.
 */
@Command(name = "semel txns", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows transactions, and whom the readers of committed records wait for.",
        footer = {"", "Examples:", "  ./semel txns                      what is open now",
                "  ./semel txns --blocking           partitions whose readers wait, and for whom",
                "  ./semel txns describe orders-1    one transactional id, whatever its state",
                "  ./semel txns abort orders-1       ends what it has open and fences its producer"})
public final class TxnsMain implements Callable<Integer> {
    private static final List<TransactionState> OPEN = List.of(TransactionState.ONGOING,
            TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Connecting connecting;

    @Option(names = "--all", description = "Also transactional ids without an open transaction.")
    private boolean all;

    @Option(names = "--blocking",
            description = "Partitions whose stable offset is held back, and by whom.")
    private boolean blocking;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "With --blocking: only this topic.")
    private String topic;

    public static void main(String[] arguments) {
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka", "error");
        System.exit(commandLine().execute(arguments));
    }

    /** The command, ready to execute; prints to what picocli is given. */
    public static CommandLine commandLine() {
        return new CommandLine(new TxnsMain()).setExecutionExceptionHandler((problem, command, parsed) -> {
            command.getErr().println("semel txns: " + problem.getMessage());
            return 1;
        });
    }

    @Override
    public Integer call() {
        if (topic != null && !blocking) throw new IllegalArgumentException("--topic goes with --blocking");
        try (Admin admin = connecting.open()) {
            if (blocking) printBlockers(new Blockers(connecting, admin).find(topic));
            else list(admin);
        }
        return 0;
    }

    private void list(Admin admin) {
        ListTransactionsOptions options = new ListTransactionsOptions();
        if (!all) options.filterStates(OPEN);
        List<String> ids = connecting.get(admin.listTransactions(options).all()).stream()
                .map(TransactionListing::transactionalId).sorted().toList();
        if (ids.isEmpty()) {
            out().println(all ? "no transactional id is known"
                    : "no transaction is open (--all shows every transactional id)");
            return;
        }
        print(connecting.get(admin.describeTransactions(ids).all()));
    }

    private void print(Map<String, TransactionDescription> txns) {
        TextTable table = new TextTable("TRANSACTIONAL ID", "STATE", "PRODUCER", "OPEN FOR", "TIME LEFT",
                "PARTITIONS");
        long nowMs = System.currentTimeMillis();
        txns.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(one -> {
            TransactionDescription txn = one.getValue();
            boolean open = OPEN.contains(txn.state());
            table.add(one.getKey(), txn.state(), txn.producerId() + "/" + txn.producerEpoch(),
                    open ? Spans.text(nowMs - txn.transactionStartTimeMs().orElse(nowMs)) : "-",
                    timeLeft(txn, nowMs), names(txn.topicPartitions()));
        });
        table.print(out());
    }

    /** Until the coordinator ends it by itself; nothing for what is ended already. */
    private static String timeLeft(TransactionDescription txn, long nowMs) {
        if (txn.state() != TransactionState.ONGOING) return "-";
        long sinceMs = txn.transactionStartTimeMs().orElse(nowMs);
        return Spans.text(sinceMs + txn.transactionTimeoutMs() - nowMs);
    }

    private static String names(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) return "-";
        return String.join(" ", partitions.stream().sorted(Comparator.comparing(TopicPartition::topic)
                .thenComparing(TopicPartition::partition)).map(TopicPartition::toString).toList());
    }

    private void printBlockers(List<Blocker> blockers) {
        TextTable table = new TextTable("PARTITION", "STABLE OFFSET", "HIGH WATERMARK", "FIRST OPEN AT",
                "TRANSACTIONAL ID", "PRODUCER", "STATE", "OPEN FOR", "TIME LEFT", "ALSO OPEN");
        long nowMs = System.currentTimeMillis();
        for (Blocker one : blockers) {
            if (one.first() == null) continue;
            ProducerState first = one.first();
            table.add(one.partition(), one.stableOffset(), one.highWatermark(),
                    first.currentTransactionStartOffset().getAsLong(),
                    one.hangs() ? "(hanging)" : one.transactionalId(),
                    first.producerId() + "/" + first.producerEpoch(),
                    one.hangs() ? "no coordinator" : one.txn().state(), Spans.text(nowMs - one.sinceMs()),
                    one.hangs() ? "for ever" : timeLeft(one.txn(), nowMs), one.openCount() - 1);
        }
        if (table.isEmpty()) out().println("nobody waits: every stable offset is at its high watermark");
        else table.print(out());
    }

    @Command(name = "describe", mixinStandardHelpOptions = true,
            description = "One transactional id, whatever its state.")
    int describe(@Mixin Connecting broker, @Parameters(paramLabel = "ID") String id) {
        connecting = broker;
        try (Admin admin = broker.open()) {
            print(Map.of(id, known(admin, id)));
        }
        return 0;
    }

    @Command(name = "abort", mixinStandardHelpOptions = true,
            description = {"Aborts what a transactional id has open and fences its producer;",
                "or with --topic, --partition and --start-offset a hanging transaction on one partition."})
    int abort(@Mixin Connecting broker, @Parameters(paramLabel = "ID", arity = "0..1") String id,
            @Option(names = "--topic", paramLabel = "TOPIC") String hangingTopic,
            @Option(names = "--partition", paramLabel = "N", defaultValue = "0") int partition,
            @Option(names = "--start-offset", paramLabel = "OFFSET", defaultValue = "-1") long startOffset) {
        connecting = broker;
        if ((id == null) == (hangingTopic == null)) throw new IllegalArgumentException(
                "abort takes a transactional id, or --topic with --partition and --start-offset");
        try (Admin admin = broker.open()) {
            if (id != null) abort(admin, id);
            else abortHanging(admin, new TopicPartition(hangingTopic, partition), startOffset);
        }
        return 0;
    }

    private void abort(Admin admin, String id) {
        boolean open = OPEN.contains(known(admin, id).state());
        connecting.get(admin.fenceProducers(List.of(id)).all());
        out().println(open ? "aborted: what " + id + " had open; its producer is fenced"
                : "fenced: the producer of " + id + "; it had nothing open");
    }

    /** Only what no coordinator knows: the other kind is ended by its transactional id, on all partitions. */
    private void abortHanging(Admin admin, TopicPartition partition, long startOffset) {
        Blockers blockers = new Blockers(connecting, admin);
        ProducerState hanging = blockers.open(partition).stream()
                .filter(one -> one.currentTransactionStartOffset().getAsLong() == startOffset).findFirst()
                .orElseThrow(() -> new IllegalStateException("no transaction on " + partition
                        + " began at offset " + startOffset + ": ./semel txns find-hanging says which do"));
        ListTransactionsOptions same = new ListTransactionsOptions().filterStates(OPEN)
                .filterProducerIds(List.of(hanging.producerId()));
        for (TransactionListing one : connecting.get(admin.listTransactions(same).all())) {
            if (!known(admin, one.transactionalId()).topicPartitions().contains(partition)) continue;
            throw new IllegalStateException("that transaction does not hang, its coordinator knows it: "
                    + "./semel txns abort " + one.transactionalId());
        }
        connecting.get(admin.abortTransaction(new AbortTransactionSpec(partition, hanging.producerId(),
                (short) hanging.producerEpoch(), Math.max(0, hanging.coordinatorEpoch().orElse(0)))).all());
        out().println("aborted: the transaction of producer " + hanging.producerId() + " on " + partition);
    }

    @Command(name = "find-hanging", mixinStandardHelpOptions = true,
            description = "Open transactions that no coordinator knows: nobody will end them.")
    int findHanging(@Mixin Connecting broker,
            @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this one.") String only) {
        connecting = broker;
        try (Admin admin = broker.open()) {
            TextTable table = new TextTable("TOPIC", "PARTITION", "START OFFSET", "PRODUCER", "SILENT FOR");
            long nowMs = System.currentTimeMillis();
            for (Blocker one : new Blockers(connecting, admin).find(only)) {
                if (!one.hangs()) continue;
                ProducerState first = one.first();
                table.add(one.partition().topic(), one.partition().partition(),
                        first.currentTransactionStartOffset().getAsLong(),
                        first.producerId() + "/" + first.producerEpoch(), Spans.text(nowMs - one.sinceMs()));
            }
            if (table.isEmpty()) out().println("no transaction hangs");
            else table.print(out());
        }
        return 0;
    }

    private TransactionDescription known(Admin admin, String id) {
        try {
            return connecting.get(admin.describeTransactions(List.of(id)).all()).get(id);
        } catch (TransactionalIdNotFoundException unknown) {
            throw new IllegalStateException("no transactional id " + id + ": ./semel txns --all lists them",
                    unknown);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
