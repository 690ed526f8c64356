package io.semel.examples.flights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Delay statistics over a set of flights, in whole numbers only, so that two computations agree to the last
 * bit whatever their order. Minutes and miles. {@code late} counts flights 15 or more minutes late; {@code
 * fingerprint} sums a hash of each flight's line, so that one flight lost and another counted twice do not
 * cancel out. An immutable value.
 */
public record DelayStats(
        long count, long delaySum, int delayMin, int delayMax, long late, long distanceSum,
        long fingerprint) {

    /** From how many minutes on a flight is late, as the US Department of Transportation counts. */
    public static final int LATE_MINUTES = 15;

    /** One byte of version, then seven variable-length numbers; null stands for null. */
    public static final Serde<DelayStats> SERDE = Serdes.serdeFrom(
        (topic, stats) -> stats == null ? null : stats.bytes(),
        (topic, bytes) -> bytes == null ? null : ofBytes(ByteBuffer.wrap(bytes)));

    private static final byte VERSION = 1;
    private static final int SIZE_MAX = 1 + 7 * Varint.SIZE_MAX;
    private static final DelayStats NONE =
        new DelayStats(0, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 0, 0);

    /** The statistics of no flight. */
    public static DelayStats none() {
        return NONE;
    }

    /** The statistics with one more flight. */
    public DelayStats plus(Flight flight) {
        return new DelayStats(count + 1, delaySum + flight.delay(),
            Math.min(delayMin, flight.delay()), Math.max(delayMax, flight.delay()),
            late + (flight.delay() >= LATE_MINUTES ? 1 : 0), distanceSum + flight.distance(),
            fingerprint + fingerprintOf(flight.line()));
    }

    /** The mean delay in tenths of a minute, rounded to the nearest; 0 without flights. */
    public long delayMeanTenths() {
        return count == 0 ? 0 : Math.floorDiv(20 * delaySum + count, 2 * count);
    }

    /** The share of late flights in percent, rounded to the nearest; 0 without flights. */
    public long latePercent() {
        return count == 0 ? 0 : (200 * late + count) / (2 * count);
    }

    /** Spreads the lines 1, 2, 3… over all 64 bits (the finaliser of MurmurHash3). */
    static long fingerprintOf(long line) {
        long h = line;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(SIZE_MAX);
        out.put(VERSION);
        long[] numbers = {count, delaySum, delayMin, delayMax, late, distanceSum, fingerprint};
        for (long number : numbers) Varint.put(out, number);
        return Arrays.copyOf(out.array(), out.position());
    }

    static DelayStats ofBytes(ByteBuffer in) {
        if (!in.hasRemaining() || in.get() != VERSION) throw new IllegalArgumentException("unknown version");
        DelayStats stats = new DelayStats(Varint.take(in), Varint.take(in), Varint.takeInt(in),
            Varint.takeInt(in), Varint.take(in), Varint.take(in), Varint.take(in));
        if (in.hasRemaining()) throw new IllegalArgumentException("more than delay statistics");
        return stats;
    }
}
