package io.semel.streams.tools;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine.Option;

/** The options that say which cluster is meant. Filled by picocli. */
final class Target {
    @Option(names = {"-b", "--bootstrap", "--bootstrap-server"}, defaultValue = "localhost:9092",
            paramLabel = "HOST:PORT",
            description = "the cluster (default: ${DEFAULT-VALUE})")
    private String bootstrap;

    @Option(names = "--command-config", paramLabel = "FILE",
            description = "a properties file with further settings for the clients (security, for one)")
    private Path config;

    Cluster open() {
        Properties more = new Properties();
        if (config != null) {
            try (Reader file = Files.newBufferedReader(config)) {
                more.load(file);
            } catch (IOException | IllegalArgumentException bad) {
                throw new ToolFailure("cannot read --command-config " + config + ": " + bad.getMessage());
            }
        }
        return new Cluster(bootstrap, more);
    }
}
