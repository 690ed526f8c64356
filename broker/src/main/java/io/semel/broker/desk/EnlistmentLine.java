package io.semel.broker.desk;

import io.semel.wire.topic.TopicPartition;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps a producer's batches for one partition in order while the first of them waits for its transaction to
 * enlist the partition: later ones stand in line behind it (I4), those that were on their way to the
 * partition already included: they come back from it too, and the line is let go only after the last of them
 * has. One per connection, owned by its home lane.
 */
final class EnlistmentLine {
    private record Key(long producerId, TopicPartition partition) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byProducer = Long.compare(producerId, other.producerId);
            return byProducer != 0 ? byProducer : partition.compareTo(other.partition);
        }
    }

    /** Batches of one producer for one partition. Open while its first batch is being enlisted. */
    private static final class Line {
        private final ArrayDeque<Runnable> cameBack = new ArrayDeque<>();
        private final ArrayDeque<Runnable> cameLater = new ArrayDeque<>();
        private int onTheWay;
        private boolean open;
        private boolean headIsGone;
    }

    private final Map<Key, Line> lines = new TreeMap<>();

    /**
     * Stands in line when there is one. False when there is none: go to the partition, and tell {@link
     * #answered} of the outcome.
     */
    boolean standBehind(long producerId, TopicPartition partition, Runnable batch) {
        Line line = lines.computeIfAbsent(new Key(producerId, partition), key -> new Line());
        if (line.open) {
            line.cameLater.add(batch);
            return true;
        }
        line.onTheWay++;
        return false;
    }

    /** The partition has taken or refused a batch that went ahead. */
    void answered(long producerId, TopicPartition partition) {
        Key key = new Key(producerId, partition);
        Line line = lines.get(key);
        line.onTheWay--;
        letGo(key, line);
    }

    /**
     * The partition wants the batch enlisted first.
     *
     * @param wentAhead whether {@link #standBehind} let it go, rather than {@link #headGone}
     * @return true when it is the head of the line and is to be enlisted; false when it stands in line
     */
    boolean cameBack(long producerId, TopicPartition partition, boolean wentAhead, Runnable batch) {
        Key key = new Key(producerId, partition);
        Line line = lines.computeIfAbsent(key, absent -> new Line());
        if (wentAhead) line.onTheWay--;
        if (!line.open) {
            line.open = true;
            line.headIsGone = false;
            return true;
        }
        line.cameBack.add(batch);
        letGo(key, line);
        return false;
    }

    /**
     * Does somebody stand in line? Then a batch that went ahead and was refused as out of order may only have
     * come too early: those before it came back, while the head, sent over an older connection too, has
     * opened the transaction from there. It belongs behind them ({@link #cameBack}), to be judged again.
     */
    boolean isOpen(long producerId, TopicPartition partition) {
        Line line = lines.get(new Key(producerId, partition));
        return line != null && line.open;
    }

    /** The head has gone ahead or given up: the rest follow in order. */
    void headGone(long producerId, TopicPartition partition) {
        Key key = new Key(producerId, partition);
        Line line = lines.get(key);
        line.headIsGone = true;
        letGo(key, line);
    }

    private void letGo(Key key, Line line) {
        if (line.onTheWay > 0) return;
        if (line.open && !line.headIsGone) return;
        line.open = false;
        line.onTheWay = line.cameBack.size() + line.cameLater.size();
        if (line.onTheWay == 0) lines.remove(key);
        while (!line.cameBack.isEmpty()) line.cameBack.poll().run();
        while (!line.cameLater.isEmpty()) line.cameLater.poll().run();
    }
}
