package io.semel.broker.cli;

import java.util.concurrent.CompletionException;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine;

/**
 * How every command ends: 0 when it is done, 1 when it could not be, with a line that says why, 2 when it was
 * asked for in a way that nobody understands, with its usage. Stateless.
 */
final class Commands {
    private Commands() {
    }

    /** The command, ready to execute; prints to what picocli is given. */
    static CommandLine of(Object command) {
        CommandLine line = new CommandLine(command);
        return line.setExecutionExceptionHandler((problem, failed, parsed) -> {
            failed.getErr().println(line.getCommandName() + ": " + told(problem));
            return 1;
        });
    }

    static void main(CommandLine line, String... arguments) {
        System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka", "off");
        System.exit(line.execute(arguments));
    }

    private static String told(Throwable problem) {
        Throwable cause = problem instanceof CompletionException && problem.getCause() != null
                ? problem.getCause() : problem;
        // clients say only that they could not be made; what was wrong with their settings stands below
        if (cause.getCause() instanceof ConfigException setting) cause = setting;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
