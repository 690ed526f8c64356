package io.semel.streams.run;

import io.semel.streams.StreamsError;
import io.semel.streams.run.HostedTask.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Brings tasks to where they may process: asks where their committed inputs end, folds their stores up to
 * there, fills their tables, lets their inputs flow. Owned by the host's thread; lets kafka-clients'
 * exceptions pass, after which the tasks ask again.
 */
final class Preparation {
    private static final Duration BRIEF = Duration.ofMillis(20);
    private static final Duration ASK = Duration.ofMillis(1000);

    private final String app;
    private final Consumer<byte[], byte[]> member;
    private final Clients clients;
    private final Restorer restorer;
    private final RunStats stats;

    Preparation(String app, Consumer<byte[], byte[]> member, Clients clients, Restorer restorer,
                RunStats stats) {
        this.app = app;
        this.member = member;
        this.clients = clients;
        this.restorer = restorer;
        this.stats = stats;
    }

    /** Moves every task that is not processing yet one phase on, if it can. */
    void turn(Collection<HostedTask> tasks) {
        ask(HostedTask.in(Phase.ASKING, tasks));
        List<HostedTask> folding = HostedTask.in(Phase.FOLDING, tasks);
        if (!folding.isEmpty()) {
            List<StoreFold> folds = new ArrayList<>();
            folding.forEach(task -> folds.addAll(task.folds().values()));
            stats.restored.add(restorer.turn(folds, BRIEF));
            for (HostedTask task : folding) {
                task.tell();
                if (task.isFolded() && hasOffsetsForItsState(task)) {
                    task.folded(task.needsFilling() ? clients.topics().stableEnds(task.tables()) : Map.of());
                    member.resume(task.phase() == Phase.FILLING ? task.tables() : task.inputs());
                }
            }
        }
        for (HostedTask task : HostedTask.in(Phase.FILLING, tasks)) {
            if (isFilled(task)) {
                task.filled();
                member.resume(task.inputs());
            }
        }
    }

    /**
     * Asks where the committed inputs end. Stable offsets only: an answer waits for the transaction of a
     * former owner, and only then are the changelogs' ends asked for, so that they lie behind all that this
     * owner committed.
     */
    private void ask(List<HostedTask> asking) {
        if (asking.isEmpty()) {
            return;
        }
        Set<TopicPartition> inputs = new LinkedHashSet<>();
        List<TopicPartition> changelogs = new ArrayList<>();
        asking.forEach(task -> {
            inputs.addAll(task.inputs());
            changelogs.addAll(task.changelogs());
        });
        Map<TopicPartition, OffsetAndMetadata> answers;
        try {
            answers = member.committed(inputs, ASK);
        } catch (TimeoutException pending) {
            return;
        }
        Map<TopicPartition, Long> ends = changelogs.isEmpty() ? Map.of() : clients.topics()
                .highWatermarks(changelogs);
        restorer.rest();
        for (HostedTask task : asking) {
            Map<TopicPartition, Long> committed = new LinkedHashMap<>();
            for (TopicPartition input : task.inputs()) {
                OffsetAndMetadata answer = answers.get(input);
                if (answer == null) {
                    member.seekToBeginning(List.of(input));
                } else {
                    member.seek(input, answer);
                    committed.put(input, answer.offset());
                }
            }
            task.fold(committed, ends);
        }
    }

    /**
     * State without offsets means that every input would be counted again. Asked once more, because a member
     * that stood still may have asked before and folded after another owner's first commit.
     */
    private boolean hasOffsetsForItsState(HostedTask task) {
        if (!task.isStateWithoutOffsets()) {
            return true;
        }
        Map<TopicPartition, OffsetAndMetadata> answers;
        try {
            answers = member.committed(task.inputs(), ASK);
        } catch (TimeoutException pending) {
            return false;
        }
        if (answers.values().stream().allMatch(Objects::isNull)) {
            throw new StreamsError.Incompatible(task.name() + " has state in " + task.changelogs()
                    + " but group '" + app + "' has no committed offset for its inputs "
                    + task.inputs(),
                    "nothing is processed, because every input would be counted again",
                    "set the group's offsets to where the state ends, or delete the changelog to begin anew",
                    null);
        }
        task.foldAgain();
        return false;
    }

    private boolean isFilled(HostedTask task) {
        try {
            for (TopicPartition table : task.tables()) {
                if (member.position(table, BRIEF) < task.tableEnd(table)) {
                    return false;
                }
            }
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    void close() {
        restorer.close();
    }
}
