package io.semel.streams.run;

import java.util.List;
import java.util.Map;

/**
 * What JMX shows of a running instance, as {@code io.semel.streams:type=Application,application=NAME,
 * instance=ID}. Counts are since the start of the instance, of committed transactions; times in microseconds;
 * steps are named by number and name, tasks by sub-topology and partition, stores by task and name.
 */
public interface ApplicationMXBean {
    String getState();

    /** Whether somebody should look; {@link #getHealth} says why. */
    boolean isStuck();

    String getHealth();

    long getRecordsIn();

    long getRecordsOut();

    long getSkipped();

    long getDeadLetters();

    long getHealed();

    long getRestored();

    long getCommits();

    long getCommitP50Us();

    long getCommitP99Us();

    long getCommitMostUs();

    Map<String, Long> getStepRecordsIn();

    Map<String, Long> getStepRecordsOut();

    Map<String, Long> getStepDeadLetters();

    Map<String, Long> getTaskRecordsIn();

    Map<String, Long> getTaskCommits();

    Map<String, Long> getStoreRows();

    /** How far each store is restored, between 0 and 1. */
    Map<String, Double> getStoreRestored();

    /**
     * Counts what is left of each input partition, in committed data records, for no longer than {@code
     * patienceMs}; see {@link Running#lags}.
     */
    Map<String, Long> countLag(long patienceMs);

    /** The picture with its numbers: {@code text}, {@code mermaid} or {@code dot}, a line each. */
    List<String> picture(String form);
}
