package io.semel.bench.clients;

import static io.semel.bench.contender.Contestants.FLUSHED;
import static io.semel.bench.contender.Contestants.FORCE;
import static io.semel.bench.contender.Contestants.KAFKA;
import static io.semel.bench.contender.Contestants.OS;
import static io.semel.bench.contender.Contestants.TUNED;

import io.semel.bench.turns.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --only} names, for workloads of clients. Stateless. */
public final class Trials {
    private static final List<String> TRANSACTIONAL = List.of(FORCE, OS, KAFKA, TUNED, FLUSHED);
    private static final List<String> PLAIN = List.of(FORCE, OS, KAFKA, FLUSHED);
    private static final int RATE = 5_000;

    private Trials() {
    }

    /** @param quick less data to read */
    public static Map<String, List<Trial>> all(boolean quick) {
        Map<String, List<Trial>> all = new LinkedHashMap<>();
        for (Shape shape : Shape.ALL) {
            all.put(shape.name(), List.of(new Trial(shape.name(), shape.words()
                    + ", clients with their defaults", TRANSACTIONAL, Transactions.FIGURES,
                    contender -> new Transactions(contender, shape))));
        }
        all.put("produce", List.of(produce(1_024, 1, "none"), produce(1_024, 1, "lz4"), produce(1_024, 1,
                "zstd"), produce(1_024, 8, "none"), produce(100, 1, "none"), produce(100, 100, "none")));
        all.put("paced", List.of(new Trial("paced", "idempotent produce of 1 KiB at " + RATE
                + "/s, linger 0, from when a record was due to its acknowledgement", PLAIN, Paced.FIGURES,
                contender -> new Paced(contender, RATE))));
        all.put("consume", List.of(consume(0, quick), consume(10, quick), consume(50, quick)));
        all.put("copy", List.of(
                new Trial("copy", "consume, transform, produce with plain clients, a transaction each 10 ms, "
                        + RATE + " records/s of 100 bytes, end to end", TRANSACTIONAL, Copy.PACED,
                        contender -> new Copy(contender, RATE)),
                new Trial("copy-flat-out", "the same with records that lie ready", TRANSACTIONAL,
                        Copy.FLAT_OUT, contender -> new Copy(contender, 0))));
        return all;
    }

    /** All trials of all names, in one run. */
    public static List<Trial> everything(boolean quick) {
        List<Trial> all = new ArrayList<>();
        all(quick).values().forEach(all::addAll);
        return all;
    }

    private static Trial produce(int size, int partitions, String codec) {
        return new Trial("produce-" + size + "-" + codec + "-" + partitions, "idempotent produce flat out, "
                + size + " bytes a record, compression " + codec + ", " + partitions + (partitions == 1
                ? " partition" : " partitions") + ", client with its defaults", PLAIN, Produce.FIGURES,
                contender -> new Produce(contender, size, partitions, codec));
    }

    private static Trial consume(int abortedPercent, boolean quick) {
        return new Trial("consume-" + abortedPercent, "read_committed consume of transactions of 1,000 "
                + "records of 1 KiB, " + abortedPercent + " % of them aborted", List.of(OS, KAFKA),
                Consume.FIGURES,
                contender -> new Consume(contender, abortedPercent, quick ? 200 : 600));
    }
}
