package io.semel.streams.run;

import io.semel.streams.StreamsError;
import io.semel.streams.topology.Graph;
import io.semel.streams.topology.PartitionPlan;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a graph with the topics of the cluster before the start, and creates the internal ones that are
 * missing. Runs on the starting thread; throws {@link StreamsError.Incompatible} at once, {@link
 * StreamsError.Unavailable} when the cluster has not answered in time.
 */
final class TopicCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);
    private static final long PAUSE_NS = 100_000_000;

    private TopicCheck() {
    }

    static PartitionPlan run(Graph graph, TopicDesk topics, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            StreamsError why;
            try {
                PartitionPlan plan = PartitionPlan.of(graph,
                        topics.partitionCounts(PartitionPlan.topicsOf(graph)));
                if (plan.missing().isEmpty()) {
                    return plan;
                }
                LOG.info("{}: creating {}", graph.name(), plan.missing());
                topics.create(plan.missing());
                why = null;
            } catch (RuntimeException failed) {
                Triage.Finding finding = Triage.judge(failed);
                if (!finding.heals()) {
                    throw finding.error();
                }
                why = finding.error();
            }
            if (System.nanoTime() > deadline) {
                throw why != null ? why : new StreamsError.Unavailable("created topics do not appear",
                        "the application did not start", "look at the broker's log, then start again", null);
            }
            pause();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE_NS);
        if (Thread.currentThread().isInterrupted()) {
            throw new StreamsError.Unavailable("interrupted while waiting for the cluster",
                    "the application did not start", "start again", null);
        }
    }
}
