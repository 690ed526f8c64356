package io.semel.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.cli.ConsumeMain;
import io.semel.broker.cli.GroupsMain;
import io.semel.broker.cli.ProduceMain;
import io.semel.broker.cli.TopicsMain;
import io.semel.broker.cli.TxnsMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./semel broker} and its neighbours: what they say of themselves, and of the broker's settings. */
class HelpTest {
    private static final List<Supplier<CommandLine>> COMMANDS = List.of(BrokerMain::commandLine,
            TopicsMain::commandLine, GroupsMain::commandLine, ProduceMain::commandLine,
            ConsumeMain::commandLine, TxnsMain::commandLine);

    @TempDir
    private Path directory;

    private record Told(int exit, String out, String err) {
        boolean says(String text) {
            return out.contains(text) || err.contains(text);
        }
    }

    private static Told run(CommandLine line, List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = line.execute(words.toArray(String[]::new));
        return new Told(exit, out.toString(), err.toString());
    }

    private static Told broker(String... words) {
        return run(BrokerMain.commandLine(), List.of(words));
    }

    @Test
    void everyCommandShowsItsUsageWithExamples() {
        for (Supplier<CommandLine> command : COMMANDS) {
            String name = command.get().getCommandName();

            Told told = run(command.get(), List.of("--help"));

            assertEquals(0, told.exit, name);
            assertTrue(told.out.startsWith("Usage: " + name), told.out);
            assertTrue(told.out.contains("Examples:") && told.out.contains("  ./" + name), told.out);
            assertEquals("", told.err, name);
        }
    }

    @Test
    void everySubcommandShowsItsUsage() {
        int count = 0;
        for (Supplier<CommandLine> command : COMMANDS) {
            for (String name : command.get().getSubcommands().keySet()) {
                Told told = run(command.get(), List.of(name, "--help"));

                assertEquals(0, told.exit, name);
                assertTrue(told.out.startsWith("Usage: " + command.get().getCommandName() + " " + name),
                        told.out);
                count++;
            }
        }
        assertTrue(count >= 8, count + " subcommands");
    }

    @Test
    void anUnknownFlagEndsWithTwoAndTheUsage() {
        for (Supplier<CommandLine> command : COMMANDS) {
            List<List<String>> asked = new ArrayList<>();
            asked.add(List.of("--nonsense"));
            command.get().getSubcommands().keySet().forEach(name -> asked.add(List.of(name, "--nonsense")));
            for (List<String> words : asked) {
                Told told = run(command.get(), words);

                assertEquals(2, told.exit, words.toString());
                assertTrue(told.err.contains("Unknown option: '--nonsense'") || told.err.contains("Missing"),
                        told.err);
                assertTrue(told.err.contains("Usage: " + command.get().getCommandName()), told.err);
                assertEquals("", told.out, words.toString());
            }
        }
    }

    @Test
    void printsWhatIsInForceAndWhoSetItAndStartsNothing() throws Exception {
        Path file = Files.writeString(directory.resolve("server.properties"),
                "num.partitions=7\nlog.retention.hours=24\n");
        Path data = directory.resolve("data");

        Told told = broker("--config", file.toString(), "--data", data.toString(), "--partitions", "3",
                "--print-config");

        assertEquals(0, told.exit, told.err);
        List<String> lines = told.out.lines().toList();
        assertEquals("    set by --partitions", beginning(lines, "num.partitions=3"));
        assertTrue(beginning(lines, "log.retention.ms=86400000").contains("server.properties"),
                told.out);
        assertEquals("    set by --data", beginning(lines, "log.dirs=" + data));
        assertEquals("    default", beginning(lines, "group.consumer.session.timeout.ms=45000"));
        assertFalse(told.says("sasl.enabled.mechanisms"), "what is refused has no value");
        assertFalse(Files.exists(data), "nothing is started");
    }

    /** Of the line below the one, which says who set it and what it does. */
    private static String beginning(List<String> lines, String line) {
        int index = lines.indexOf(line);
        assertTrue(index >= 0, line + " in\n" + String.join("\n", lines));
        String about = lines.get(index + 1);
        return about.substring(0, about.indexOf(';'));
    }

    @Test
    void aSettingThatCannotBeIsNamedAndEndsWithOne() {
        Told told = broker("--data", directory.toString(), "--set", "num.partitions=many", "--print-config");

        assertEquals(1, told.exit);
        assertTrue(told.err.contains("num.partitions") && told.err.contains("many"), told.err);
        assertEquals("", told.out);
    }
}
