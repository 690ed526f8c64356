package io.semel.broker;

import io.semel.broker.catalogue.Catalogue;
import io.semel.broker.partition.StartKeeping;
import io.semel.kernel.lane.Lane;
import io.semel.kernel.lane.Published;
import io.semel.kernel.world.Saboteur;
import io.semel.kernel.world.World;
import io.semel.log.DataDirectory;
import io.semel.log.disk.Reserve;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where logs start, in Kafka's {@code log-start-offset-checkpoint}, written before anybody is told: Apache
 * Kafka writes it once a minute, and forgets a recent start when it is killed. One write at a time, for all
 * who came meanwhile. Owned by one lane; asked from any.
 */
final class LogStarts implements StartKeeping {
    private static final Logger LOG = LoggerFactory.getLogger(LogStarts.class);

    /** A start, or null for a partition that is gone. */
    private record Change(TopicPartition name, Long start, Consumer<Throwable> then) {
    }

    private final World world;
    private final Lane lane;
    private final Published<Catalogue> view;
    private final DataDirectory directory;
    private final Reserve reserve;
    private final Published<SortedMap<TopicPartition, Long>> kept = new Published<>(new TreeMap<>());
    private List<Change> waiting = new ArrayList<>();
    private boolean writing;

    LogStarts(World world, Lane lane, Published<Catalogue> view, Reserve reserve) {
        this.reserve = reserve;
        this.world = world;
        this.lane = lane;
        this.view = view;
        this.directory = new DataDirectory(world.disk());
    }

    /** What the last life has written down; before any partition is opened. On the lane. */
    void load(SortedMap<TopicPartition, Long> starts) {
        kept.publish(world.sabotaged(Saboteur.START_FORGOTTEN) ? new TreeMap<>() : starts);
    }

    /** 0 when nothing is written down. Any thread. */
    long of(TopicPartition name) {
        return kept.read().getOrDefault(name, 0L);
    }

    @Override
    public void keep(TopicPartition name, long start, Lane home, Consumer<Throwable> then) {
        Consumer<Throwable> answer = problem -> home.post(() -> then.accept(problem));
        lane.post(() -> {
            boolean known = view.read().topic(name.topic()) != null;
            if (known) add(new Change(name, start, answer));
            else answer.accept(new IllegalStateException(name + " is deleted"));
        });
    }

    /**
     * A new partition of such a name begins at 0 again. On the lane; {@code then} runs there once that is
     * durable, or has failed.
     */
    void forget(Collection<TopicPartition> names, Consumer<Throwable> then) {
        int[] left = {names.size() + 1};
        Throwable[] worst = new Throwable[1];
        Consumer<Throwable> one = problem -> {
            if (problem != null) worst[0] = problem;
            if (--left[0] == 0) then.accept(worst[0]);
        };
        for (TopicPartition name : names) {
            boolean perhapsKept = writing || !waiting.isEmpty() || kept.read().containsKey(name);
            if (perhapsKept) add(new Change(name, null, one));
            else one.accept(null);
        }
        one.accept(null);
    }

    private void add(Change change) {
        waiting.add(change);
        write();
    }

    private void write() {
        if (writing || waiting.isEmpty()) return;
        writing = true;
        List<Change> changes = waiting;
        waiting = new ArrayList<>();
        SortedMap<TopicPartition, Long> next = after(changes);
        world.io().run(this, () -> {
            reserve.run(() -> directory.writeLogStarts(next));
            return null;
        }, lane, (nothing, problem) -> {
            writing = false;
            if (problem != null) LOG.warn("where logs start was not written down: {}", problem.getMessage());
            List<Change> gone = changes.stream().filter(change -> change.start == null).toList();
            kept.publish(problem == null ? next : after(gone));
            changes.forEach(change -> change.then.accept(problem));
            write();
        });
    }

    private SortedMap<TopicPartition, Long> after(List<Change> changes) {
        SortedMap<TopicPartition, Long> next = new TreeMap<>(kept.read());
        for (Change change : changes) {
            if (change.start == null) next.remove(change.name);
            else next.put(change.name, change.start);
        }
        return next;
    }
}
