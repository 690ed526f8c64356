package io.semel.streams.run;

import io.semel.streams.run.Metrics.CommitMetrics;
import io.semel.streams.run.Metrics.Lag;
import io.semel.streams.run.Metrics.StepMetrics;
import io.semel.streams.run.Metrics.StoreMetrics;
import io.semel.streams.run.Metrics.TaskMetrics;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.Node;
import io.semel.streams.topology.Picture;
import io.semel.streams.topology.StoreSpec;
import io.semel.streams.topology.SubTopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Puts meters together into {@link Metrics}, and these into words for pictures. Stateless. */
final class MetricsDesk {
    private static final int PER_STEP = 3;

    private MetricsDesk() {
    }

    static Metrics read(Graph graph, String instance, RunState state, RunStats stats, List<Lag> lags) {
        List<StepMetrics> steps = new ArrayList<>();
        for (SubTopology sub : graph.subTopologies()) {
            long[] sums = new long[sub.nodes().size() * PER_STEP];
            stats.meters().stream().filter(meter -> meter.sub() == sub).forEach(meter -> meter.addTo(sums));
            for (int step = 0; step < sub.nodes().size(); step++) {
                Node node = sub.nodes().get(step);
                steps.add(new StepMetrics(node.id(), node.name(), sums[step * PER_STEP],
                        sums[step * PER_STEP + 1], sums[step * PER_STEP + 2]));
            }
        }
        List<TaskMetrics> tasks = stats.meters().stream().filter(TaskMeter::isHere).map(TaskMeter::read)
                .toList();
        return new Metrics(graph.name(), instance, state, steps, tasks,
                new CommitMetrics(stats.commits(), stats.commitPercentileUs(50), stats.commitPercentileUs(99),
                        stats.commitMostUs()), lags);
    }

    /** A step: in, out, dead letters, lag of a source. A store: rows over the tasks, how far restored. */
    static Picture.Notes notes(Metrics metrics, Graph graph) {
        Map<Integer, StepMetrics> steps = new TreeMap<>();
        metrics.steps().forEach(step -> steps.put(step.id(), step));
        return new Picture.Notes() {
            @Override
            public String of(Node node) {
                StepMetrics step = steps.get(node.id());
                return step.recordsIn() + " in, " + step.recordsOut() + " out"
                        + (step.deadLetters() > 0 ? ", " + step.deadLetters() + " dead letters" : "")
                        + (node.kind().isSource() ? lag(metrics.lags(), node.topicName()) : "");
            }

            @Override
            public String of(StoreSpec store) {
                return store.isBroadcast() ? "" : rows(metrics, store.name());
            }
        };
    }

    private static String lag(List<Lag> lags, String topic) {
        List<Lag> own = lags.stream().filter(lag -> lag.topic().equals(topic)).toList();
        if (own.isEmpty()) {
            return "";
        }
        long heldBack = own.stream().mapToLong(Lag::heldBack).sum();
        return ", lag " + (own.stream().allMatch(Lag::exact) ? "" : "about ")
                + own.stream().mapToLong(Lag::records).sum()
                + (heldBack > 0 ? " and " + heldBack + " offsets held back by open transactions" : "");
    }

    private static String rows(Metrics metrics, String name) {
        List<StoreMetrics> parts = metrics.tasks().stream().flatMap(task -> task.stores().stream())
                .filter(store -> store.name().equals(name)).toList();
        long position = parts.stream().mapToLong(StoreMetrics::position).sum();
        long target = parts.stream().mapToLong(StoreMetrics::target).sum();
        return parts.stream().mapToLong(StoreMetrics::rows).sum() + " rows" + (position >= target ? ""
                : String.format(Locale.ROOT, ", %.1f %% restored", 100.0 * position / target));
    }
}
