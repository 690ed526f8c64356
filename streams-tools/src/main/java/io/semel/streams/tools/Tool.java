package io.semel.streams.tools;

import java.io.PrintWriter;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** How every command of this package is run: its output, and what becomes of its failures. Stateless. */
final class Tool {
    private Tool() {
    }

    static int run(CommandLine command, PrintWriter out, PrintWriter err, String... args) {
        command.setOut(out).setErr(err);
        command.setExecutionStrategy(parsed -> {
            if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested()
                    && !parsed.isVersionHelpRequested()) {
                throw new ParameterException(command, "say which command");
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        command.setExecutionExceptionHandler((failure, at, parsed) -> {
            if (failure instanceof ToolFailure || failure instanceof KafkaException) {
                err.println(at.getCommandName() + ": "
                        + (failure instanceof ToolFailure ? failure.getMessage()
                        : Cluster.root(failure)));
                return 1;
            }
            throw failure;
        });
        return command.execute(args);
    }
}
