package io.semel.broker;

import io.semel.broker.config.Given;
import io.semel.broker.config.Given.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;

/**
 * What stands behind {@code ./semel broker}. Plain flags are read here, since picocli takes a fifth of a
 * start, annotations and the search of every jar for Groovy included; what is not plain (help, mistakes) is
 * picocli's, and both say the same of the same words. Immutable.
 *
 * @param config       the file of settings, or null
 * @param given        settings given as flags, those by name last
 * @param printsConfig show the settings and start nothing
 */
record BrokerFlags(Path config, List<Given> given, boolean printsConfig) {
    /** Flags that stand for a setting, and its name. */
    private static final Map<String, String> SETTINGS = settings();
    private static final String CONFIG = "--config", SET = "--set", PRINT = "--print-config";

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--data", "log.dirs");
        settings.put("--listen", "listeners");
        settings.put("--advertise", "advertised.listeners");
        settings.put("--durability", "semel.durability");
        settings.put("--partitions", "num.partitions");
        return settings;
    }

    /** For picocli. @param command what is called when the words are right */
    static CommandSpec spec(Callable<Integer> command) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name("semel broker");
        spec.addOption(text(CONFIG, "FILE", "Settings in the way of Kafka's server.properties.")
                .type(Path.class).build());
        spec.addOption(text("--data", "DIR",
                "Where everything is kept; created when missing (log.dirs).").build());
        spec.addOption(text("--listen", "HOST:PORT",
                "Where clients connect; 0 takes a free port (listeners; 127.0.0.1:9092 unless given).")
                .build());
        spec.addOption(text("--advertise", "HOST:PORT",
                "What clients are told to connect to; as --listen unless given (advertised.listeners).")
                .build());
        spec.addOption(text("--durability", "force|os",
                "When an append is acknowledged (semel.durability; force unless given).").build());
        spec.addOption(text("--partitions", "N",
                "Partitions of a topic that names no count (num.partitions; 1 unless given).").build());
        spec.addOption(text(SET, "KEY=VALUE", "Any setting; may be given several times.").type(Map.class)
                .auxiliaryTypes(String.class, String.class).build());
        spec.addOption(flag("Shows every setting, its value and who set it; starts nothing.", PRINT).build());
        spec.addOption(flag("Show this help message and exit.", "-h", "--help").usageHelp(true).build());
        spec.addOption(flag("Print version information and exit.", "-V", "--version").versionHelp(true)
                .build());
        describe(spec.usageMessage());
        return spec;
    }

    private static OptionSpec.Builder text(String name, String label, String description) {
        return OptionSpec.builder(name).paramLabel(label).description(description).type(String.class);
    }

    private static OptionSpec.Builder flag(String description, String name, String... others) {
        return OptionSpec.builder(name, others).description(description).arity("0").type(boolean.class);
    }

    private static void describe(UsageMessageSpec usage) {
        usage.sortOptions(false).description("Runs a broker that speaks the Kafka protocol.");
        usage.footer("", "Examples:", "  ./semel broker --data ./semel-data --listen 127.0.0.1:9092",
                "  ./semel broker --config server.properties --print-config",
                "  ./semel broker --data ./semel-data --set log.retention.hours=24", "",
                "Settings have Kafka's names. A file may set them (--config, as Kafka's",
                "server.properties), environment variables may (SEMEL_NUM_PARTITIONS=3), and",
                "flags; flags win over variables, variables over the file. --print-config shows",
                "what is in force and who set it.", "",
                "Durability: force (default) answers after fsync and survives a power cut; os",
                "when in the operating system's page cache and survives only the process.");
    }

    /** What picocli has read. */
    static BrokerFlags of(ParseResult parsed) {
        Map<String, String> byFlag = new LinkedHashMap<>();
        for (String flag : SETTINGS.keySet()) {
            String value = parsed.matchedOptionValue(flag, null);
            if (value != null) byFlag.put(flag, value);
        }
        return new BrokerFlags(parsed.matchedOptionValue(CONFIG, null), given(parsed.matchedOptionValue(SET,
                Map.of()), byFlag), parsed.matchedOptionValue(PRINT, false));
    }

    /** What plain words say; null where anything in them is for picocli to judge. */
    static BrokerFlags plain(String... words) {
        Path config = null;
        Map<String, String> byKey = new LinkedHashMap<>();
        Map<String, String> byFlag = new LinkedHashMap<>();
        for (int at = 0; at < words.length; at++) {
            int equals = words[at].indexOf('=');
            String flag = equals < 0 ? words[at] : words[at].substring(0, equals);
            if (equals < 0 && ++at == words.length) return null;
            String value = words[at].substring(equals + 1);
            if (!isPlain(value)) return null;
            if (flag.equals(CONFIG) && config == null) {
                config = Path.of(value);
            } else if (flag.equals(SET) && value.indexOf('=') > 0) {
                int end = value.indexOf('=');
                byKey.put(value.substring(0, end), value.substring(end + 1));
            } else if (!SETTINGS.containsKey(flag) || byFlag.put(flag, value) != null) {
                return null;
            }
        }
        return new BrokerFlags(config, given(byKey, byFlag), false);
    }

    private static boolean isPlain(String value) {
        return !value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0;
    }

    private static List<Given> given(Map<String, String> byKey, Map<String, String> byFlag) {
        List<Given> given = new ArrayList<>();
        byKey.forEach((key, value) -> given.add(new Given(Source.FLAG, key, value, SET + " " + key)));
        SETTINGS.forEach((flag, key) -> {
            String value = byFlag.get(flag);
            if (value != null) given.add(new Given(Source.FLAG, key, value, flag));
        });
        return given;
    }
}
