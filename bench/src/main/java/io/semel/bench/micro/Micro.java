package io.semel.bench.micro;

import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code --only micro}: every benchmark of this package in a JVM of its own. They are told in nanoseconds of
 * one thread, with JMH's error of the mean.
 */
public final class Micro {
    private Micro() {
    }

    /** @param quick one JVM each with short rounds, else two */
    public static void run(boolean quick) throws IOException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(Micro.class.getPackageName().replace(".", "\\.") + "\\..*")
                .forks(quick ? 1 : 2).warmupIterations(quick ? 3 : 5).measurementIterations(quick ? 3 : 5)
                .warmupTime(TimeValue.milliseconds(quick ? 500 : 1_000))
                .measurementTime(TimeValue.milliseconds(quick ? 500 : 1_000))
                .jvmArgsAppend("-Xmx1g", "-XX:+UseSerialGC").verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        Collection<RunResult> results;
        try {
            results = new Runner(options.build()).run();
        } catch (RunnerException failed) {
            throw new IOException("a benchmark failed: " + failed.getMessage(), failed);
        }
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replaceFirst("^.*\\.(\\w+\\.\\w+)$", "$1");
            StringBuilder about = new StringBuilder();
            for (String key : result.getParams().getParamsKeys()) {
                about.append(' ').append(key).append('=').append(result.getParams().getParam(key));
            }
            System.out.printf(Locale.ROOT, "  %-58s %,12.1f ns ± %,.1f%n", name + about,
                    result.getPrimaryResult().getScore(), result.getPrimaryResult().getScoreError());
        }
    }
}
