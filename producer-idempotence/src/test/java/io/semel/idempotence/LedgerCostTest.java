package io.semel.idempotence;

import static io.semel.idempotence.Batches.batch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.semel.wire.batch.BatchHeader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a ledger costs: nothing on the heap per accepted batch, little per remembered producer. */
class LedgerCostTest {
    private static final int PRODUCERS = 100_000;

    @Test
    void allocatesNothingPerAcceptedBatch() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ProducerLedger ledger = new ProducerLedger();
        BatchHeader header = batch().pid(1).sequence(0).transactional().at(0);
        ledger.fold(header);
        ledger.judge(batch().pid(2).sequence(0).transactional().make(), 0, true);
        accept(ledger, header, 1, 1_000);

        long before = threads.getCurrentThreadAllocatedBytes();
        accept(ledger, header, 1_001, 100_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(allocated < 10_000, allocated + " bytes for 100,000 batches");
    }

    @Test @DisplayName("FEATURES 8 at size: 100,000 producers of five batches each survive a restart")
    void keepsAHundredThousandProducers() {
        ProducerLedger ledger = new ProducerLedger();
        for (int id = 0; id < PRODUCERS; id++) {
            for (int n = 0; n < 5; n++) ledger.fold(batch().pid(id).sequence(n).at(5L * id + n));
        }

        ByteBuffer snapshot = ledger.snapshot();
        ProducerLedger restarted = new ProducerLedger();

        assertTrue(restarted.load(snapshot));
        assertEquals(PRODUCERS, restarted.size());
        assertEquals(ledger.digest(), restarted.digest());
        assertEquals(10 + 46 * 5 * PRODUCERS, snapshot.remaining());
    }

    /** Turns one header into the next batch, and the next, and has each accepted. */
    private static void accept(ProducerLedger ledger, BatchHeader header, int first, int batches) {
        ByteBuffer bytes = header.bytes();
        for (int sequence = first; sequence < first + batches; sequence++) {
            bytes.putInt(BatchHeader.BASE_SEQUENCE, sequence).putLong(BatchHeader.BASE_OFFSET, sequence);
            if (!ledger.judge(header, 0, true).accepted()) throw new AssertionError("sequence " + sequence);
            ledger.fold(header);
        }
    }
}
