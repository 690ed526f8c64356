package io.semel.bench.clients;

import io.semel.bench.contender.Contender;
import io.semel.bench.contender.Outside;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * What one client's commit costs beside others who do nothing: whose transactions stay open on the same
 * partition and at the same coordinator, or who are only connected; and what a read_committed fetch and an
 * idle broker cost meanwhile. The last row of each table is the first one again, when all the others have
 * gone. One thread, and its helpers.
 */
public final class Bystanders {
    private static final String TOPIC = "bystanders";
    private static final int LINES = 32;
    /** Of transactions that are to stay open: as long as a broker allows unless told otherwise. */
    private static final int OPEN_MS = 900_000;
    /** {@code transaction.state.log.num.partitions} */
    private static final int COORDINATORS = 50;
    private static final int[] TRANSACTIONS = {1, 10, 100, 1_000, 10_000};
    private static final int[] CONNECTIONS = {1, 10, 100, 1_000, 5_000};
    /** Without topic ids. */
    private static final int FETCH = 12;
    private static final byte READ_COMMITTED = 1;

    private final Contender contender;
    private final boolean quick;

    /** One kind of request, many times. */
    private record Cost(double p50Ms, double p99Ms, double cpuMs) {
    }

    /** Transactions that one helper holds open over its own connection. */
    private record Held(RawLine line, List<RawProducer> open) {
    }

    /** @param quick a tenth of everything */
    public Bystanders(Contender contender, boolean quick) {
        this.contender = contender;
        this.quick = quick;
    }

    /** Both tables. */
    public void run() {
        Topics.create(contender, TOPIC, 2);
        try (RawLine line = new RawLine(contender.bootstrap())) {
            List<String> ids = idsOfOneCoordinator(1 + TRANSACTIONS[TRANSACTIONS.length - 1]);
            RawProducer busy = new RawProducer(line, ids.get(0), OPEN_MS);
            // what readers are given lies below everything that stays open
            commits(busy, scaled(10_000));
            beside(TRANSACTIONS, "open transactions", "commit p50 ms   p99 ms   CPU ms   fetch p50 ms"
                    + "   p99 ms   CPU ms", new OpenTransactions(line, busy, ids));
            beside(CONNECTIONS, "idle connections", "commit p50 ms   p99 ms   CPU ms   idle CPU ms/s"
                    + "   resident MiB   live heap MiB", new IdleConnections(busy));
        }
        Topics.delete(contender, TOPIC);
    }

    /** How many bystanders there are, and what is measured beside them. */
    private interface Table extends AutoCloseable {
        void growTo(int count);

        /** The figures of a row. */
        String row();

        @Override
        void close();
    }

    private void beside(int[] counts, String what, String columns, Table table) {
        System.out.println(contender.name() + ", beside " + what + ":");
        System.out.println("   beside   " + columns);
        for (int count : counts) {
            if (quick && count > 1_000) break;
            table.growTo(count);
            System.out.printf(Locale.ROOT, "%9d   %s%n", count, table.row());
        }
        table.close();
        System.out.printf(Locale.ROOT, "  0 again   %s%n%n", table.row());
    }

    /** Open on the very partition that is written and read, at the very coordinator that is asked. */
    private final class OpenTransactions implements Table {
        private final RawLine line;
        private final RawProducer busy;
        private final List<String> ids;
        private final List<Held> held = new ArrayList<>();
        private int open;

        OpenTransactions(RawLine line, RawProducer busy, List<String> ids) {
            this.line = line;
            this.busy = busy;
            this.ids = ids;
        }

        @Override
        public void growTo(int count) {
            while (held.size() < LINES) held.add(new Held(new RawLine(contender.bootstrap()),
                    new ArrayList<>()));
            int from = open;
            together(held, one -> {
                for (int index = from + held.indexOf(one); index < count; index += LINES) {
                    RawProducer producer = new RawProducer(one.line, ids.get(1 + index), OPEN_MS);
                    producer.write(TOPIC, 0);
                    one.open.add(producer);
                }
            });
            open = count;
        }

        @Override
        public String row() {
            Cost commit = commits(busy, scaled(4_000));
            Cost fetch = measured(scaled(10_000), () -> fetch(line));
            return String.format(Locale.ROOT, "%13.2f %8.2f %8.3f %14.3f %8.3f %8.3f", commit.p50Ms,
                    commit.p99Ms, commit.cpuMs, fetch.p50Ms, fetch.p99Ms, fetch.cpuMs);
        }

        @Override
        public void close() {
            together(held, one -> {
                one.open.forEach(RawProducer::commit);
                one.line.close();
            });
            held.clear();
        }
    }

    /** Each has been answered once and asks nothing more. */
    private final class IdleConnections implements Table {
        private final RawProducer busy;
        private final List<RawLine> lines = new ArrayList<>();

        IdleConnections(RawProducer busy) {
            this.busy = busy;
        }

        @Override
        public void growTo(int count) {
            while (lines.size() < count) {
                RawLine line = new RawLine(contender.bootstrap());
                line.ask(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData());
                lines.add(line);
            }
        }

        @Override
        public String row() {
            Cost commit = commits(busy, scaled(4_000));
            double heapMib = Outside.liveHeapMib(contender.pid());
            Duration before = Outside.cpu(contender.pid());
            long idleNs = TimeUnit.SECONDS.toNanos(scaled(10));
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < idleNs) LockSupport.parkNanos(idleNs);
            double idleCpuMs = Outside.cpu(contender.pid()).minus(before).toNanos() / (double) idleNs * 1e3;
            return String.format(Locale.ROOT, "%13.2f %8.2f %8.3f %15.1f %14.0f %15.2f", commit.p50Ms,
                    commit.p99Ms, commit.cpuMs, idleCpuMs, Outside.residentMib(contender.pid()), heapMib);
        }

        @Override
        public void close() {
            lines.forEach(RawLine::close);
            lines.clear();
        }
    }

    private Cost commits(RawProducer producer, int count) {
        return measured(count, () -> {
            producer.write(TOPIC, 0);
            producer.commit();
        });
    }

    private Cost measured(int count, Runnable work) {
        Histogram times = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
        Duration before = Outside.cpu(contender.pid());
        for (int turn = 0; turn < count; turn++) {
            long begun = System.nanoTime();
            work.run();
            times.recordValue(System.nanoTime() - begun);
        }
        double cpuMs = Outside.cpu(contender.pid()).minus(before).toNanos() / 1e6;
        return new Cost(times.getValueAtPercentile(50) / 1e6, times.getValueAtPercentile(99) / 1e6,
                cpuMs / count);
    }

    /** The first batch of the partition, which was committed before anything else was opened. */
    private static void fetch(RawLine line) {
        FetchRequestData request = new FetchRequestData().setReplicaId(-1).setMaxWaitMs(0).setMinBytes(1)
                .setMaxBytes(1).setIsolationLevel(READ_COMMITTED).setSessionEpoch(-1);
        FetchTopic topic = new FetchTopic().setTopic(TOPIC);
        topic.partitions().add(new FetchPartition().setPartition(0).setFetchOffset(0)
                .setPartitionMaxBytes(1));
        request.topics().add(topic);
        FetchResponseData answer = line.ask(ApiKeys.FETCH, FETCH, request);
        FetchResponseData.PartitionData data = answer.responses().get(0).partitions().get(0);
        Errors error = Errors.forCode(data.errorCode());
        if (error != Errors.NONE) throw new IllegalStateException("a fetch: " + error);
        if (data.records() == null || data.records().sizeInBytes() == 0) {
            throw new IllegalStateException("a fetch brought nothing");
        }
    }

    /** All of them have one coordinator, as Kafka's hash spreads them. */
    private static List<String> idsOfOneCoordinator(int count) {
        List<String> ids = new ArrayList<>();
        for (int number = 0; ids.size() < count; number++) {
            String id = "bystander-" + number;
            if ((id.hashCode() & Integer.MAX_VALUE) % COORDINATORS == 0) ids.add(id);
        }
        return ids;
    }

    private static <T> void together(List<T> all, Consumer<T> work) {
        List<Thread> helpers = IntStream.range(0, all.size()).mapToObj(index ->
                new Thread(() -> work.accept(all.get(index)), "bystanders-" + index)).toList();
        helpers.forEach(Thread::start);
        for (Thread helper : helpers) {
            try {
                helper.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", interrupted);
            }
        }
    }

    private int scaled(int count) {
        return quick ? count / 10 : count;
    }
}
