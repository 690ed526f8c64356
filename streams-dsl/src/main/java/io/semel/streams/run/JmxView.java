package io.semel.streams.run;

import io.semel.streams.run.Metrics.StepMetrics;
import io.semel.streams.run.Metrics.TaskMetrics;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bean over a running instance; computes when asked. Any thread. */
final class JmxView implements ApplicationMXBean {
    private static final Logger LOG = LoggerFactory.getLogger(JmxView.class);
    private final Running running;
    private ObjectName name;

    JmxView(Running running) {
        this.running = running;
    }

    /** An instance runs without its bean rather than not at all. */
    void register() {
        try {
            Metrics metrics = running.metrics();
            ObjectName free = new ObjectName("io.semel.streams:type=Application,application="
                    + metrics.application() + ",instance=" + metrics.instance());
            ManagementFactory.getPlatformMBeanServer().registerMBean(this, free);
            name = free;
        } catch (JMException | RuntimeException refused) {
            LOG.warn("JMX does not show this instance: {}", refused.toString());
        }
    }

    void unregister() {
        if (name != null) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException | RuntimeException refused) {
                LOG.warn("{} stays: {}", name, refused.toString());
            }
        }
    }

    @Override
    public String getState() {
        return running.state().toString();
    }

    @Override
    public boolean isStuck() {
        return running.health().stuck();
    }

    @Override
    public String getHealth() {
        return running.health().toString();
    }

    @Override
    public long getRecordsIn() {
        return running.stats().recordsIn();
    }

    @Override
    public long getRecordsOut() {
        return running.stats().recordsOut();
    }

    @Override
    public long getSkipped() {
        return running.stats().skipped();
    }

    @Override
    public long getDeadLetters() {
        return running.stats().deadLetters();
    }

    @Override
    public long getHealed() {
        return running.stats().healed();
    }

    @Override
    public long getRestored() {
        return running.stats().restored();
    }

    @Override
    public long getCommits() {
        return running.stats().commits();
    }

    @Override
    public long getCommitP50Us() {
        return running.metrics().commits().p50Us();
    }

    @Override
    public long getCommitP99Us() {
        return running.metrics().commits().p99Us();
    }

    @Override
    public long getCommitMostUs() {
        return running.stats().commitMostUs();
    }

    @Override
    public Map<String, Long> getStepRecordsIn() {
        return steps(StepMetrics::recordsIn);
    }

    @Override
    public Map<String, Long> getStepRecordsOut() {
        return steps(StepMetrics::recordsOut);
    }

    @Override
    public Map<String, Long> getStepDeadLetters() {
        return steps(StepMetrics::deadLetters);
    }

    @Override
    public Map<String, Long> getTaskRecordsIn() {
        return tasks(TaskMetrics::recordsIn);
    }

    @Override
    public Map<String, Long> getTaskCommits() {
        return tasks(TaskMetrics::commits);
    }

    @Override
    public Map<String, Long> getStoreRows() {
        return stores(Metrics.StoreMetrics::rows);
    }

    @Override
    public Map<String, Double> getStoreRestored() {
        return stores(Metrics.StoreMetrics::restored);
    }

    @Override
    public Map<String, Long> countLag(long patienceMs) {
        Map<String, Long> lags = new TreeMap<>();
        running.lags(Duration.ofMillis(patienceMs))
                .forEach(lag -> lags.put(lag.topic() + "-" + lag.partition(), lag.records()));
        return lags;
    }

    @Override
    public List<String> picture(String form) {
        Metrics metrics = running.metrics();
        String picture = switch (form) {
            case "text" -> running.describe(metrics);
            case "mermaid" -> running.toMermaid(metrics);
            case "dot" -> running.toDot(metrics);
            default -> throw new IllegalArgumentException("'" + form + "' is not text, mermaid or dot");
        };
        return picture.lines().toList();
    }

    private Map<String, Long> steps(ToLongFunction<StepMetrics> number) {
        Map<String, Long> numbers = new TreeMap<>();
        running.metrics().steps()
                .forEach(step -> numbers.put(step.id() + " " + step.name(), number.applyAsLong(step)));
        return numbers;
    }

    private Map<String, Long> tasks(ToLongFunction<TaskMetrics> number) {
        Map<String, Long> numbers = new TreeMap<>();
        running.metrics().tasks().forEach(task -> numbers.put(task.name(), number.applyAsLong(task)));
        return numbers;
    }

    private <T> Map<String, T> stores(Function<Metrics.StoreMetrics, T> number) {
        Map<String, T> numbers = new TreeMap<>();
        running.metrics().tasks().forEach(task -> task.stores().forEach(store ->
                numbers.put(task.name() + " " + store.name(), number.apply(store))));
        return numbers;
    }
}
