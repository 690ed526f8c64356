package io.semel.it.kit.story;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semel.it.kit.check.Checker;
import io.semel.it.kit.check.Report;
import io.semel.it.kit.history.History;
import io.semel.it.kit.history.Kind;
import io.semel.it.kit.work.BankTransfers;
import io.semel.it.kit.work.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions over a network that loses three packets of ten on their way to the broker (FAULTS C.4 row 6):
 * the broker runs in a network namespace behind a pair of virtual cables, and nftables throws packets away.
 * Under soak, for root, where {@code ip} and {@code nft} are.
 */
class LossyNetworkTest {
    private static final boolean SOAK = Integer.getInteger("semel.scale", 1) > 1;
    private static final String NAME = "semel" + ProcessHandle.current().pid() % 10_000;
    private static final String NEAR = "10.213.7.1";
    private static final String FAR = "10.213.7.2";
    private static final Duration LOSS = Duration.ofSeconds(60);

    @TempDir
    Path directory;
    private Process broker;

    @Test
    void costsTimeAndNothingElse() throws Exception {
        assumeTrue(SOAK, "under soak");
        String lacking = lay();
        assumeTrue(lacking == null, () -> "no network to lose packets in: " + lacking);
        String bootstrap = start();

        History history = new BankTransfers().run(Plan.against(bootstrap).named("lossy").withClients(4)
                .withPartitions(2).withOperations(Long.MAX_VALUE).within(LOSS)
                .healingWithin(Duration.ofMinutes(3)));

        Report report = Checker.check(history);
        assertTrue(report.isClean(), report::text);
        long commits = history.operations().stream().filter(one -> one.kind() == Kind.COMMIT && one.isOk())
                .count();
        System.out.println("30 % of the packets lost: " + commits + " commits, "
                + history.operations().size() + " operations; dropped: " + run("ip", "netns", "exec", NAME,
                "nft", "list", "table", "ip", "semel").replaceAll("(?s).*counter (packets \\d+).*", "$1"));
        assertTrue(commits > 5, () -> commits + " commits");
    }

    /** @return null, or what it could not do */
    private static String lay() throws Exception {
        String near = NAME + "a";
        String far = NAME + "b";
        for (List<String> step : List.of(List.of("ip", "netns", "add", NAME),
                List.of("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", NAME),
                List.of("ip", "addr", "add", NEAR + "/30", "dev", near),
                List.of("ip", "link", "set", near, "up"),
                List.of("ip", "-n", NAME, "addr", "add", FAR + "/30", "dev", far),
                List.of("ip", "-n", NAME, "link", "set", far, "up"),
                List.of("ip", "-n", NAME, "link", "set", "lo", "up"),
                List.of("ip", "netns", "exec", NAME, "nft", "add table ip semel; add chain ip semel lossy "
                        + "{ type filter hook input priority 0; }; add rule ip semel lossy iifname " + far
                        + " numgen random mod 100 < 30 counter drop"))) {
            try {
                run(step.toArray(new String[0]));
            } catch (IOException refused) {
                return refused.getMessage();
            }
        }
        return null;
    }

    private String start() throws IOException {
        broker = new ProcessBuilder("ip", "netns", "exec", NAME, Path.of(System.getProperty("java.home"),
                "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), "io.semel.broker.BrokerMain", "--data",
                directory.toString(), "--listen", FAR + ":9092")
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output = broker.inputReader();
        String line = output.readLine();
        assertTrue(line != null && line.contains("ready"), () -> "the broker did not start: " + line);
        return FAR + ":9092";
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
        return said;
    }

    @AfterEach
    void takeAway() throws Exception {
        if (broker != null) broker.destroyForcibly().waitFor();
        if (SOAK) new ProcessBuilder("ip", "netns", "del", NAME).redirectErrorStream(true).start().waitFor();
    }
}
