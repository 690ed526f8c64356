package io.semel.it;

import static java.util.regex.Pattern.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules that look at one source at a time (STYLE.md). Each gives the breaches it finds. Stateless. */
final class HouseRules {
    static final int CLASS_LINES_MOST = 500;
    static final int METHOD_LINES_MOST = 60;
    static final int COLUMNS_MOST = 110;

    /** What ends determinism, or reaches for the world, in a module that must do neither. */
    private static final Pattern IMPURE = anyOf(
            "\\bSystem\\s*\\.\\s*(?!arraycopy\\b)\\w+",
            "\\bThread\\w*\\b",
            "\\bsynchronized\\b",
            "\\bvolatile\\b",
            "\\bjava\\.(?:io|net|nio\\.file|nio\\.channels|util\\.concurrent|util\\.logging)\\b",
            "\\borg\\.slf4j\\b",
            "\\b(?:Secure)?Random\\b",
            "\\bMath\\s*\\.\\s*random\\b",
            "\\brandomUUID\\b",
            "\\b(?:Instant|Local\\w+|\\w+DateTime|Clock|Year)\\s*\\.\\s*(?:now|system\\w*)\\b",
            "\\b(?:Weak|Identity)?Hash(?:Map|Set)\\b",
            "\\b(?:Map|Set)\\s*\\.\\s*(?:of\\s*\\(\\s*[^)\\s]|ofEntries|copyOf)",
            "\\bCollectors\\s*\\.\\s*(?:toSet|toMap|groupingBy|toUnmodifiable(?:Set|Map))\\b",
            "\\bparallel(?:Stream)?\\s*\\(");

    /** What two threads need to share anything. */
    private static final Pattern SHARED = anyOf(
            "\\bsynchronized\\b",
            "\\bvolatile\\b",
            "\\bjava\\.util\\.concurrent\\.(?:locks|atomic)\\b",
            "\\bjava\\.util\\.concurrent\\.(?:Concurrent|CopyOnWrite|CountDown|Cyclic|Semaphore|Phaser)",
            "\\bjava\\.util\\.concurrent\\.(?:Exchanger|LinkedTransfer|\\w*Blocking)",
            "\\bCollections\\s*\\.\\s*synchronized\\w+",
            "\\bVarHandle\\b");
    /** Where one lane meets another, or another thread: the only places that may lock. */
    private static final List<String> SHARING = List.of("io.semel.kernel.lane", "io.semel.broker.net",
            "io.semel.log.disk", "io.semel.streams.run", "io.semel.streams.rocksdb");

    private static final Pattern SLEEP = anyOf(
            "\\bThread\\s*\\.\\s*sleep\\b",
            "\\bTimeUnit\\s*\\.\\s*\\w+\\s*\\.\\s*sleep\\b");
    private static final Pattern LEFTOVER = compile("\\b(?:TO" + "DO|FIX" + "ME|HA" + "CK)\\b");
    private static final Pattern MACHINE = compile("/(?:ro" + "ot|ho" + "me|wo" + "rk)/\\w");
    private static final Pattern PUBLIC_TYPE = compile("(?m)^public\\s+"
            + "(?:(?:final|abstract|sealed|non-sealed)\\s+)*"
            + "(?:class|interface|enum|record|@interface)\\s+\\w+");
    private static final Pattern SENTENCE = compile("[.!?](?=\\s|$)");

    private HouseRules() {
    }

    private static Pattern anyOf(String... patterns) {
        return compile(String.join("|", patterns));
    }

    /** Which rules this class knows, with what they find in these sources. */
    static Map<String, List<Breach>> check(List<JavaSource> sources) {
        Map<String, List<Breach>> found = new LinkedHashMap<>();
        found.put("pure", pure(sources));
        found.put("locks", locks(sources));
        found.put("homes", homes(sources));
        found.put("upward", upward(sources));
        found.put("sleep", everywhere("sleep", SLEEP, sources));
        found.put("leftovers", leftovers(sources));
        found.put("package-info", packageInfo(sources));
        found.put("docstring", docstring(sources));
        found.put("class-size", classSize(sources));
        found.put("method-size", methodSize(sources));
        found.put("columns", columns(sources));
        return found;
    }

    private static List<Breach> pure(List<JavaSource> sources) {
        return everywhere("pure", IMPURE, main(sources).stream()
                .filter(source -> Floors.PURE.contains(source.module())).toList());
    }

    private static List<Breach> locks(List<JavaSource> sources) {
        return everywhere("locks", SHARED, main(sources).stream()
                .filter(source -> !Floors.PROGRAMS.contains(source.module()))
                .filter(source -> !SHARING.contains(source.packageName())).toList());
    }

    /** Third parties have one home each. */
    private static List<Breach> homes(List<JavaSource> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (JavaSource source : main(sources)) {
            if (Floors.PROGRAMS.contains(source.module())) continue;
            for (String reference : source.references()) {
                String home = homeOf(reference);
                boolean atHome = home == null || List.of(home.split(" ")).contains(source.module())
                        || home.equals(source.packageName());
                if (!atHome) {
                    breaches.add(new Breach("homes", source.path(), 1, reference + " belongs in " + home));
                }
            }
        }
        return breaches;
    }

    private static String homeOf(String reference) {
        if (reference.startsWith("io.netty.")) return "io.semel.broker.net";
        if (reference.startsWith("net.openhft.")) return "io.semel.log.disk";
        if (reference.startsWith("org.apache.kafka.")) return "wire broker streams-dsl streams-json";
        if (reference.startsWith("org.rocksdb.")) return "streams-rocksdb";
        if (reference.startsWith("com.google.re2j.")) return "broker";
        boolean codec = reference.startsWith("net.jpountz.") || reference.startsWith("com.github.luben.")
                || reference.startsWith("org.xerial.");
        return codec ? "compression" : null;
    }

    /** No main source uses a module of its own floor or above, whatever the poms let through. */
    private static List<Breach> upward(List<JavaSource> sources) {
        Map<String, String> moduleOf = new TreeMap<>();
        for (JavaSource source : main(sources)) moduleOf.put(source.packageName(), source.module());
        TreeSet<String> packages = new TreeSet<>(moduleOf.keySet());
        List<Breach> breaches = new ArrayList<>();
        for (JavaSource source : main(sources)) {
            for (String reference : source.references()) {
                String used = Circles.packageOf(reference, packages);
                if (used == null || Floors.mayUse(source.module(), moduleOf.get(used))) continue;
                breaches.add(new Breach("upward", source.path(), 1, reference + " stands in "
                        + moduleOf.get(used)));
            }
        }
        return breaches;
    }

    private static List<Breach> leftovers(List<JavaSource> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (JavaSource source : sources) {
            count("leftovers", LEFTOVER, source, source.lines(), breaches);
            count("leftovers", MACHINE, source, source.lines(), breaches);
        }
        return breaches;
    }

    /** Every package says its duty, what it never does, and where to start reading. */
    private static List<Breach> packageInfo(List<JavaSource> sources) {
        TreeMap<String, JavaSource> infos = new TreeMap<>();
        for (JavaSource source : sources) if (source.isPackageInfo()) infos.put(source.packageName(), source);
        TreeSet<String> packages = new TreeSet<>();
        for (JavaSource source : sources) packages.add(source.packageName());
        List<Breach> breaches = new ArrayList<>();
        for (String name : packages) {
            JavaSource info = infos.get(name);
            if (info == null) breaches.add(new Breach("package-info", name, 1, "has no package-info.java"));
            else if (!info.isTest() && !saysThreeThings(info)) {
                breaches.add(new Breach("package-info", name, 1,
                        "wants three sentences, the last on where to start reading"));
            }
        }
        return breaches;
    }

    private static boolean saysThreeThings(JavaSource info) {
        String words = info.text().substring(0, Math.max(0, info.text().indexOf("*/"))).replace("*", " ")
                .strip();
        int sentences = 0;
        for (Matcher matcher = SENTENCE.matcher(words); matcher.find();) sentences++;
        return sentences >= 3 && words.toLowerCase(Locale.ROOT).contains("start reading");
    }

    private static List<Breach> docstring(List<JavaSource> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (JavaSource source : main(sources)) {
            Matcher type = PUBLIC_TYPE.matcher(source.text());
            if (!type.find()) continue;
            String before = source.text().substring(0, type.start()).replaceAll("@\\w+(?:\\([^)]*\\))?", "");
            if (!before.strip().endsWith("*/")) {
                breaches.add(new Breach("docstring", source.path(), 1,
                        "has a public type without a word on its duty and owner"));
            }
        }
        return breaches;
    }

    private static List<Breach> classSize(List<JavaSource> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (JavaSource source : sources) {
            int lines = source.lines().size() - 1;
            if (lines > CLASS_LINES_MOST) {
                breaches.add(new Breach("class-size", source.path(), lines, "lines"));
            }
        }
        return breaches;
    }

    private static List<Breach> methodSize(List<JavaSource> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (JavaSource source : sources) {
            MethodLengths.of(source).forEach((method, lines) -> {
                if (lines > METHOD_LINES_MOST) {
                    breaches.add(new Breach("method-size", source.path() + "#" + method, lines, "lines"));
                }
            });
        }
        return breaches;
    }

    /** Counted by module: how many lines are too wide. */
    private static List<Breach> columns(List<JavaSource> sources) {
        TreeMap<String, Integer> wide = new TreeMap<>();
        TreeMap<String, String> first = new TreeMap<>();
        for (JavaSource source : sources) {
            List<String> lines = source.lines();
            for (int index = 0; index < lines.size(); index++) {
                if (lines.get(index).codePointCount(0, lines.get(index).length()) <= COLUMNS_MOST) continue;
                wide.merge(source.module(), 1, Integer::sum);
                first.putIfAbsent(source.module(), source.path() + ":" + (index + 1));
            }
        }
        List<Breach> breaches = new ArrayList<>();
        wide.forEach((module, lines) -> breaches.add(new Breach("columns", module, lines,
                "lines too wide, from " + first.get(module))));
        return breaches;
    }

    private static List<JavaSource> main(List<JavaSource> sources) {
        return sources.stream().filter(source -> !source.isTest()).toList();
    }

    private static List<Breach> everywhere(String rule, Pattern banned, List<JavaSource> sources) {
        List<Breach> breaches = new ArrayList<>();
        for (JavaSource source : sources) count(rule, banned, source, source.codeLines(), breaches);
        return breaches;
    }

    /** One breach for the source, when the pattern is in it, with all its lines. */
    private static void count(String rule, Pattern banned, JavaSource source, List<String> lines,
            List<Breach> into) {
        int count = 0;
        StringBuilder what = new StringBuilder();
        for (int index = 0; index < lines.size(); index++) {
            for (Matcher matcher = banned.matcher(lines.get(index)); matcher.find(); count++) {
                what.append(count == 0 ? "" : ", ").append(matcher.group()).append(" in line ")
                        .append(index + 1);
            }
        }
        if (count > 0) into.add(new Breach(rule, source.path(), count, what.toString()));
    }
}
