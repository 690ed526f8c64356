package io.semel.broker.config;

import io.semel.broker.config.BrokerKey.Treatment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A broker's settings of one start: out of a file, the environment and flags, a stronger source in the
 * place of
 * a weaker. Everything is checked before anything starts. Immutable.
 */
public final class StartConfig {
    private static final String ENVIRONMENT = "SEMEL_";
    /** Variables of the launcher. */
    private static final List<String> OF_THE_LAUNCHER = List.of("SEMEL_JVM_FLAGS", "SEMEL_NO_ARCHIVE");

    /** Another name of a setting, perhaps in another unit; of those from one source the first listed wins. */
    private record Alias(String other, String key, long factor) {
    }

    private static final List<Alias> ALIASES = List.of(
            new Alias("log.retention.minutes", "log.retention.ms", 60_000),
            new Alias("log.retention.hours", "log.retention.ms", 3_600_000),
            new Alias("log.roll.hours", "log.roll.ms", 3_600_000));
    /** Two names of one thing, which must not contradict each other. */
    private static final List<Alias> TWINS = List.of(
            new Alias("broker.id", "node.id", 1),
            new Alias("log.dir", "log.dirs", 1),
            new Alias("offsets.topic.num.partitions", "transaction.state.log.num.partitions", 1),
            new Alias("offsets.topic.segment.bytes", "transaction.state.log.segment.bytes", 1));

    private final SortedMap<String, Given> given;
    private final List<String> warnings;
    private final Listener bind;
    private final Listener told;

    private StartConfig(SortedMap<String, Given> given, List<String> warnings, Listener bind,
            Listener told) {
        this.given = given;
        this.warnings = warnings;
        this.bind = bind;
        this.told = told;
    }

    /** The variables that mean settings: {@code SEMEL_LOG_RETENTION_MS} is log.retention.ms. */
    public static List<Given> environment(Map<String, String> variables) {
        List<Given> given = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(ENVIRONMENT) || OF_THE_LAUNCHER.contains(name)) continue;
            String key = name.substring(ENVIRONMENT.length()).toLowerCase(Locale.ROOT).replace('_', '.');
            String own = "semel." + key;
            boolean ours = BrokerKeys.of(key) == null && BrokerKeys.of(own) != null;
            given.add(new Given(Given.Source.ENVIRONMENT, ours ? own : key, variable.getValue(), name));
        }
        return given;
    }

    /** @throws ConfigProblem says everything that is wrong, and where it stands */
    public static StartConfig of(List<Given> all) {
        SortedMap<String, Given> given = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Given one : all) take(one, given, problems, warnings);
        for (Alias alias : ALIASES) resolve(alias, given);
        for (Alias twin : TWINS) join(twin, given, problems);
        Listener bind = listener("listeners", given, problems);
        Listener told = listener("advertised.listeners", given, problems);
        if (bind == null) bind = new Listener("PLAINTEXT", "127.0.0.1", 9092);
        if (told == null) told = bind;
        if (told.isEverywhere()) {
            Given listeners = given.get(given.containsKey("advertised.listeners") ? "advertised.listeners"
                    : "listeners");
            problems.add(listeners.told(listeners.value()
                    + " is everywhere, but clients must be told one place:"
                    + " add --advertise HOST:PORT, or advertised.listeners"));
        }
        checkDirectory(given.get("log.dirs"), problems);
        if (!problems.isEmpty()) throw new ConfigProblem(problems);
        return new StartConfig(given, warnings, bind, told);
    }

    private static void take(Given one, SortedMap<String, Given> given, List<String> problems,
            List<String> warnings) {
        BrokerKey key = BrokerKeys.of(one.key());
        if (key == null) {
            warnings.add(one.told("there is no setting " + one.key() + "; it is ignored"));
            return;
        }
        String problem = key.problem(one.value());
        if (problem != null) {
            problems.add(one.told(problem));
            return;
        }
        if (key.treatment() == Treatment.NO_EFFECT) {
            warnings.add(one.told(one.key() + " has no effect: " + key.about()));
        }
        Given before = given.get(one.key());
        if (before == null || before.source().compareTo(one.source()) <= 0) given.put(one.key(), one);
    }

    /** As Kafka does: the finer unit wins, but never over a stronger source. */
    private static void resolve(Alias alias, SortedMap<String, Given> given) {
        Given other = given.remove(alias.other);
        if (other == null) return;
        Given there = given.get(alias.key);
        if (there != null && there.source().compareTo(other.source()) >= 0) return;
        long count = Long.parseLong(other.value().strip());
        given.put(alias.key, other.as(alias.key, Long.toString(count < 0 ? count : count * alias.factor)));
    }

    private static void join(Alias twin, SortedMap<String, Given> given, List<String> problems) {
        Given other = given.remove(twin.other);
        if (other == null) return;
        Given there = given.get(twin.key);
        boolean stronger = there != null && there.source().compareTo(other.source()) > 0;
        if (there == null || there.source().compareTo(other.source()) < 0) {
            given.put(twin.key, other.as(twin.key, other.value()));
        } else if (!stronger && !there.value().strip().equals(other.value().strip())) {
            problems.add(other.told(twin.other + "=" + other.value() + " contradicts " + twin.key + "="
                    + there.value() + " (" + there.from() + "): here they are one"));
        }
    }

    /** The one that clients use; those of controllers are passed over. Null when none is given. */
    private static Listener listener(String key, Map<String, Given> given, List<String> problems) {
        Given set = given.get(key);
        if (set == null) return null;
        String controllers = valueOf(given, "controller.listener.names");
        Map<String, String> protocols = Listener.protocols(valueOf(given, "listener.security.protocol.map"));
        List<Listener> clients = new ArrayList<>();
        for (Listener one : Listener.all(set, problems)) {
            if (!Listener.listed(controllers, one.name())) clients.add(one);
        }
        for (Listener one : clients) {
            String protocol = protocols.getOrDefault(one.name(), one.name());
            if (protocol.equals("PLAINTEXT")) continue;
            problems.add(set.told(one.name() + " speaks " + protocol + ": only PLAINTEXT is built"
                    + " (listener.security.protocol.map says what a name speaks)"));
            return one;
        }
        if (clients.size() > 1) {
            problems.add(set.told(key + "=" + set.value() + ": one listener for clients is built, not "
                    + clients.size()));
        }
        return clients.isEmpty() ? null : clients.get(0);
    }

    private static String valueOf(Map<String, Given> given, String key) {
        return given.containsKey(key) ? given.get(key).value() : "";
    }

    private static void checkDirectory(Given directory, List<String> problems) {
        if (directory == null) {
            problems.add("nothing says where to keep the data: add --data DIR, or log.dirs");
        } else if (directory.value().contains(",") || directory.value().isBlank()) {
            problems.add(directory.told("log.dirs takes one directory, not '" + directory.value() + "'"));
        }
    }

    /** What is worth saying though it stops nothing: unknown settings and those without effect. */
    public List<String> warnings() {
        return warnings;
    }

    /** Who set a setting, as {@link Given#from}; null when it has its default. */
    public String from(String key) {
        Given one = given.get(key);
        return one == null ? null : one.from();
    }

    /** The value in force; empty when it has none. */
    public String value(String key) {
        Given one = given.get(key);
        if (one != null) return one.value();
        return switch (key) {
            case "broker.id" -> value("node.id");
            case "log.dir" -> value("log.dirs");
            case "offsets.topic.num.partitions" -> value("transaction.state.log.num.partitions");
            case "offsets.topic.segment.bytes" -> value("transaction.state.log.segment.bytes");
            case "log.retention.hours", "log.retention.minutes", "log.roll.hours" -> "";
            default -> BrokerKeys.of(key).byDefault();
        };
    }

    public Path dataDirectory() {
        return Path.of(given.get("log.dirs").value());
    }

    public BrokerConfig broker() {
        Map<String, String> set = new TreeMap<>();
        given.forEach((key, one) -> set.put(key, one.value().strip()));
        return BrokerConfig.defaults(told.host(), told.port()).with(set);
    }

    public EngineConfig engine() {
        BrokerConfig broker = broker();
        String host = bind.host().isEmpty() ? "0.0.0.0" : bind.host();
        return new EngineConfig(dataDirectory(), host, bind.port(), broker.durability(),
                (int) broker.number("semel.lanes", 0), (int) broker.number("semel.io.threads", 16));
    }
}
