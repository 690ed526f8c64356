package io.semel.bench.streams;

import io.semel.streams.task.MemoryBase;
import io.semel.streams.task.StampedBytes;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code ./semel bench --only streams-state}: what the default store costs as it grows, in processor time of
 * the thread that works (other work on the machine changes it least), and in memory. Keys of 8 bytes, values
 * of 16, all of them random. One thread; the collector's own time is not in it.
 */
public final class StateBench {
    private static final int VALUE = 16;
    private static final List<Integer> BATCHES = List.of(2_000, 100, 1);
    private static final long ENOUGH_NS = 1_500_000_000L;
    private static final int FILL = 50_000;
    private long position;

    private StateBench() {
    }

    /** Prints a line for each size: up to a million rows if {@code quick}, else up to ten millions. */
    public static void run(boolean quick) {
        new StateBench().measure(10_000);
        for (int rows = 1_000; rows <= (quick ? 1_000_000 : 10_000_000); rows *= 10) {
            System.out.print(new StateBench().measure(rows));
        }
    }

    private String measure(int rows) {
        long empty = used();
        MemoryBase base = new MemoryBase();
        long begun = cpu();
        for (int from = 0; from < rows; from += FILL) {
            NavigableMap<byte[], StampedBytes> some = new TreeMap<>(MemoryBase.KEY_ORDER);
            for (int row = from; row < Math.min(rows, from + FILL); row++) {
                some.put(key(row), value(row));
            }
            base.apply(some, ++position);
        }
        double fill = (double) (cpu() - begun) / rows;
        double bytes = (double) (used() - empty) / rows;
        StringBuilder line = new StringBuilder();
        for (int size : BATCHES) {
            line.append(String.format(Locale.ROOT, "  %,8.2f", updates(rows, size, some -> base.apply(some,
                    ++position))));
        }
        SplittableRandom random = new SplittableRandom(3);
        double read = each(1_000, () -> {
            for (int i = 0; i < 1_000; i++) {
                if (base.get(key(random.nextInt(rows))) == null) {
                    throw new IllegalStateException("a row is gone");
                }
            }
        });
        begun = cpu();
        MemoryBase again = copy(base);
        double load = (double) (cpu() - begun) / rows;
        if (again.size() != rows) throw new IllegalStateException(again.size() + " rows loaded");
        return String.format(Locale.ROOT, "  %,10d rows: filled %5.2f us a row, %5.1f bytes of heap a row; an"
                + " update in batches of %s: %s us; a read %5.2f us; its pages put together again %5.3f us a"
                + " row%n", rows, fill / 1e3, bytes, BATCHES, line, read, load / 1e3);
    }

    /** Processor microseconds for each change, the making of the batch left out. */
    private static double updates(int rows, int size, Consumer<NavigableMap<byte[], StampedBytes>> apply) {
        SplittableRandom random = new SplittableRandom(size);
        long spent = 0;
        long changes = 0;
        long counted = 0;
        for (int turn = 0; counted < ENOUGH_NS; turn++) {
            List<NavigableMap<byte[], StampedBytes>> batches = new ArrayList<>();
            for (int batch = 0; batch < 1 + 2_000 / size; batch++) {
                NavigableMap<byte[], StampedBytes> some = new TreeMap<>(MemoryBase.KEY_ORDER);
                for (int i = 0; i < size; i++) {
                    some.put(key(random.nextInt(rows)), value(i));
                }
                batches.add(some);
            }
            long begun = cpu();
            batches.forEach(apply);
            long took = cpu() - begun;
            counted += took;
            if (counted > ENOUGH_NS / 3) {
                spent += took;
                changes += batches.stream().mapToLong(NavigableMap::size).sum();
            }
        }
        return spent / 1e3 / changes;
    }

    private static double each(int count, Runnable work) {
        long counted = 0;
        long spent = 0;
        long done = 0;
        while (counted < ENOUGH_NS) {
            long begun = cpu();
            work.run();
            long took = cpu() - begun;
            counted += took;
            if (counted > ENOUGH_NS / 3) {
                spent += took;
                done += count;
            }
        }
        return spent / 1e3 / done;
    }

    private static MemoryBase copy(MemoryBase base) {
        MemoryBase again = new MemoryBase();
        MemoryBase.Loading loading = new MemoryBase.Loading();
        base.view().pages((rows, count) -> loading.page(Arrays.copyOf(rows, rows.length), count));
        loading.into(again, 1);
        return again;
    }

    /** Spread over all keys of 8 bytes, and no two alike. */
    private static byte[] key(int row) {
        return ByteBuffer.allocate(8).putLong(row * 0x9E3779B97F4A7C15L).array();
    }

    private static StampedBytes value(long number) {
        return new StampedBytes(ByteBuffer.allocate(VALUE).putLong(number).array(), number);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
