package io.semel.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TxnTest {
    private static final List<TopicPartition> IN = List.of(new TopicPartition("in", 0));

    private static Txn txn(String id, long[] ids, int[] epochs, int timeoutMs, TxnPhase phase,
        List<TopicPartition> partitions, long[] times,
                           int version) {
        return new Txn(id, ids[0], (short) epochs[0], (short) epochs[1], ids[1], ids[2], timeoutMs, phase,
            partitions, times[0], times[1],
            (short) version);
    }

    @Test
    void entersTheDigestWithEveryFieldThatIsOnDiskAndNoOther() {
        long[] ids = {1, 2, 3};
        int[] epochs = {4, 3};
        long[] times = {5, 6};
        TxnPhase phase = TxnPhase.PREPARE_COMMIT;
        List<Txn> different = new ArrayList<>();
        different.add(txn("app", ids, epochs, 7, phase, IN, times, 2));
        different.add(txn("apq", ids, epochs, 7, phase, IN, times, 2));
        different.add(txn("app", new long[] {9, 2, 3}, epochs, 7, phase, IN, times, 2));
        different.add(txn("app", new long[] {1, 9, 3}, epochs, 7, phase, IN, times, 2));
        different.add(txn("app", new long[] {1, 2, 9}, epochs, 7, phase, IN, times, 2));
        different.add(txn("app", ids, new int[] {9, 3}, 7, phase, IN, times, 2));
        different.add(txn("app", ids, epochs, 9, phase, IN, times, 2));
        different.add(txn("app", ids, epochs, 7, TxnPhase.PREPARE_ABORT, IN, times, 2));
        different.add(txn("app", ids, epochs, 7, phase, List.of(), times, 2));
        different.add(txn("app", ids, epochs, 7, phase, List.of(new TopicPartition("in", 1)), times, 2));
        different.add(txn("app", ids, epochs, 7, phase, List.of(new TopicPartition("im", 0)), times, 2));
        different.add(txn("app", ids, epochs, 7, phase, IN, new long[] {9, 6}, 2));
        different.add(txn("app", ids, epochs, 7, phase, IN, new long[] {5, 9}, 2));
        different.add(txn("app", ids, epochs, 7, phase, IN, times, 0));

        HashSet<Long> digests = new HashSet<>();
        different.forEach(txn -> digests.add(txn.digest()));

        assertEquals(different.size(), digests.size());
        assertEquals(different.get(0).digest(), txn("app", ids, new int[] {4, -1}, 7, phase, IN, times, 2)
            .digest());
    }
}
