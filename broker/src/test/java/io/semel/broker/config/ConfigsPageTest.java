package io.semel.broker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** docs/configs.md holds the tables of the broker's own classes; {@code -Dsemel.write=true} writes them. */
class ConfigsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("semel.root", ".."), "docs", "configs.md");

    @Test
    void thePageHoldsEverySetting() throws IOException {
        String page = Files.readString(PAGE);
        String now = replaced(replaced(replaced(page, "broker", brokerTable()), "topic", topicTable()),
                "group", groupTable());
        if (Boolean.getBoolean("semel.write")) Files.writeString(PAGE, now);

        assertEquals(now, Files.readString(PAGE), "run it with -Dsemel.write=true");
    }

    private static String replaced(String page, String name, String table) {
        String begin = "<!-- " + name + " settings -->\n";
        String end = "<!-- end of " + name + " settings -->";
        return page.substring(0, page.indexOf(begin)) + begin + table + page.substring(page.indexOf(end));
    }

    private static String brokerTable() {
        StringBuilder table =
                new StringBuilder("| setting | default | what becomes of it |\n|---|---|---|\n");
        for (BrokerKey key : BrokerKeys.all()) {
            String treated = switch (key.treatment()) {
                case HONOURED -> "";
                case NO_EFFECT -> "no effect: ";
                case REFUSED -> "anything but the default is refused: ";
            };
            table.append(row(key.name(), key.byDefault(), treated + key.about()));
        }
        return table.toString();
    }

    private static String topicTable() {
        StringBuilder table =
                new StringBuilder("| setting | default | what becomes of it |\n|---|---|---|\n");
        for (Map.Entry<String, String> key : new TreeMap<>(TopicConfig.defaults()).entrySet()) {
            assertNotNull(TopicAbout.of(key.getKey()), key.getKey()
                    + " is in the table without a word about it");
            table.append(row(key.getKey(), key.getValue(), TopicAbout.of(key.getKey())));
        }
        return table.toString();
    }

    private static String groupTable() {
        StringBuilder table = new StringBuilder("| setting | default | between | what becomes of it |\n")
                .append("|---|---|---|---|\n");
        for (GroupConfig.Key key : GroupConfig.all()) {
            String most = key.mostKey() == null ? "" : " and `" + key.mostKey() + "`";
            String least = key.leastKey() == null ? "`" + key.least() + "`" : "`" + key.leastKey() + "`";
            table.append("| `" + key.name() + "` | `" + key.brokerKey() + "` | " + least + most + " | "
                    + key.about() + " |\n");
        }
        return table.toString();
    }

    private static String row(String name, String byDefault, String about) {
        return "| `" + name + "` | " + (byDefault.isEmpty() ? "" : "`" + byDefault + "`") + " | " + about
                + " |\n";
    }
}
