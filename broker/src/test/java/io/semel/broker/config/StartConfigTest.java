package io.semel.broker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.config.Given.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartConfigTest {
    @TempDir
    private Path directory;

    private final List<Given> given = new ArrayList<>(List.of(flag("log.dirs", "data")));

    private static Given flag(String key, String value) {
        return new Given(Source.FLAG, key, value, "--set " + key);
    }

    private void file(String text) throws IOException {
        given.addAll(PropertiesFile.read(Files.writeString(directory.resolve("server.properties"), text)));
    }

    private StartConfig start() {
        return StartConfig.of(given);
    }

    private String problem() {
        return assertThrows(ConfigProblem.class, this::start).getMessage();
    }

    /** The keys and values of the file that comes with Apache Kafka 4.3. */
    @Test
    void takesTheFileThatComesWithKafka() throws IOException {
        file("""
                # The role of this server.
                process.roles=broker,controller
                node.id=1
                controller.quorum.bootstrap.servers=localhost:9093
                listeners=PLAINTEXT://:9092,CONTROLLER://:9093
                inter.broker.listener.name=PLAINTEXT
                advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
                num.network.threads=3
                num.io.threads=8
                socket.send.buffer.bytes=102400
                socket.receive.buffer.bytes=102400
                socket.request.max.bytes=104857600
                log.dirs=/tmp/kraft-combined-logs
                num.partitions=1
                num.recovery.threads.per.data.dir=1
                offsets.topic.replication.factor=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                log.retention.hours=168
                log.segment.bytes=1073741824
                log.retention.check.interval.ms=300000
                """);

        StartConfig start = start();

        assertEquals("0.0.0.0", start.engine().listenHost());
        assertEquals(9092, start.engine().listenPort());
        assertEquals("localhost", start.broker().advertisedHost());
        assertEquals(604_800_000L, start.broker().number("log.retention.ms", -2));
        assertTrue(start.warnings().stream().allMatch(line -> line.contains("has no effect")), start
                .warnings().toString());
    }

    @Test
    void aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
        file("num.partitions=2\nmessage.max.bytes=2000\nbroker.rack=here\n");
        given.addAll(StartConfig.environment(Map.of("SEMEL_NUM_PARTITIONS", "3", "SEMEL_MESSAGE_MAX_BYTES",
                "3000", "SEMEL_DURABILITY", "os", "SEMEL_JVM_FLAGS", "-Xmx1g", "PATH", "/bin")));
        given.add(flag("num.partitions", "4"));

        StartConfig start = start();

        assertEquals(4, start.broker().partitionsDefault());
        assertEquals("--set num.partitions", start.from("num.partitions"));
        assertEquals(3000, start.broker().messageBytesMax());
        assertEquals("SEMEL_MESSAGE_MAX_BYTES", start.from("message.max.bytes"));
        assertEquals("server.properties:3", start.from("broker.rack"));
        assertEquals(Durability.OS, start.engine().durability());
        assertNull(start.from("fetch.max.bytes"));
        assertEquals(List.of(), start.warnings());
    }

    @Test
    void theOrderInWhichTheyAreGivenDoesNotMatter() {
        given.add(0, flag("num.partitions", "4"));
        given.add(new Given(Source.FILE, "num.partitions", "2", "f:1"));

        assertEquals(4, start().broker().partitionsDefault());
    }

    @Test
    void theFinerUnitWinsButNotOverAStrongerSource() throws IOException {
        file("log.retention.hours=1\nlog.retention.ms=5\nlog.retention.minutes=2\n");
        assertEquals(5, start().broker().number("log.retention.ms", -2));

        given.add(flag("log.retention.hours", "3"));
        assertEquals(3 * 3_600_000L, start().broker().number("log.retention.ms", -2));

        given.add(flag("log.retention.hours", "-1"));
        assertEquals(-1, start().broker().number("log.retention.ms", -2));
    }

    @Test
    void everythingThatIsWrongIsToldWithFileAndLine() throws IOException {
        file("# a comment\n\nnum.partitions=many\nlog.cleanup.policy = compact\n"
                + "log.retention.ms=\\\n  soon\n");

        String problem = problem();

        assertTrue(problem.contains("server.properties:3: num.partitions takes a whole number, not many"),
                problem);
        assertTrue(problem.contains("server.properties:4: log.cleanup.policy=compact is refused"), problem);
        assertTrue(problem.contains("server.properties:5: log.retention.ms"), problem);
        assertEquals(3, problem.split("\n").length, problem);
    }

    @Test
    void anUnknownSettingIsWarnedOf() throws IOException {
        file("num.partions=3\n");

        assertEquals(List.of("server.properties:1: there is no setting num.partions; it is ignored"),
                start().warnings());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "num.partitions | 0 | takes 1 to",
        "num.partitions | 9999999999 | takes 1 to",
        "auto.create.topics.enable | perhaps | takes true or false",
        "semel.durability | sometimes | takes force or os",
        "message.max.bytes | -1 | max.message.bytes",
        "ssl.keystore.location | /keys | TLS is not built",
        "sasl.enabled.mechanisms | PLAIN | SASL is not built",
        "compression.type | gzip | set compression.type on the producer",
        "listeners | nonsense | takes PLAINTEXT://HOST:PORT",
        "listeners | localhost:99999 | takes PLAINTEXT://HOST:PORT",
        "listeners | SSL://localhost:1 | only PLAINTEXT is built",
        "'listeners' | 'A://x:1,B://y:2' | only PLAINTEXT is built",
        "'listeners' | 'PLAINTEXT://x:1,PLAINTEXT://y:2' | one listener",
        "listeners | 0.0.0.0:9092 | add --advertise HOST:PORT",
        "'log.dirs' | 'a,b' | takes one directory"})
    void whatCannotBeTakenIsRefusedByName(String key, String value, String message) {
        given.removeIf(one -> one.key().equals(key));
        given.add(flag(key, value));

        String problem = problem();

        assertTrue(problem.startsWith("--set " + key + ": "), problem);
        assertTrue(problem.contains(message), problem);
    }

    @Test
    void aDirectoryIsNeeded() {
        given.clear();

        assertTrue(problem().contains("--data DIR"));
    }

    @Test
    void twoNamesOfOneThingMustAgree() throws IOException {
        file("offsets.topic.num.partitions=5\ntransaction.state.log.num.partitions=5\nbroker.id=7\n");
        assertEquals(5, start().broker().internalPartitions());
        assertEquals(7, start().broker().nodeId());

        file("transaction.state.log.num.partitions=6\n");
        assertTrue(problem().contains("contradicts transaction.state.log.num.partitions=6"), problem());
    }

    @Test
    void aFileThatIsNoneIsTold() throws IOException {
        Path missing = directory.resolve("missing.properties");
        assertTrue(assertThrows(ConfigProblem.class, () -> PropertiesFile.read(missing)).getMessage()
                .contains("there is no file"));
        assertTrue(assertThrows(ConfigProblem.class, () -> PropertiesFile.read(directory)).getMessage()
                .contains("is a directory"));
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertTrue(assertThrows(ConfigProblem.class, () -> PropertiesFile.read(binary)).getMessage()
                .contains("not text"));
        Path prose = Files.writeString(directory.resolve("prose"), "a=1\nhello\n=2\nb=\\u12\n");
        String problem = assertThrows(ConfigProblem.class, () -> PropertiesFile.read(prose)).getMessage();
        assertTrue(problem.contains("prose:2: a line is key=value, not hello"), problem);
        assertTrue(problem.contains("prose:3: there is no key"), problem);
        assertTrue(problem.contains("prose:4: "), problem);
    }

    /** What a setting's default claims is what the broker does when it is not set. */
    @Test
    void defaultsOfTheTableAreThoseOfTheBroker() {
        BrokerConfig unset = BrokerConfig.defaults("h", 1);
        for (BrokerKey key : BrokerKeys.all()) {
            boolean number = key.kind() == BrokerKey.Kind.INT || key.kind() == BrokerKey.Kind.LONG;
            if (key.treatment() != BrokerKey.Treatment.HONOURED || !number && key.kind()
                    != BrokerKey.Kind.TOPIC_SETTING || key.byDefault().isEmpty()) continue;

            BrokerConfig same = unset.with(Map.of(key.name(), key.byDefault()));

            assertEquals(unset.toString().replaceAll("set=.*", ""), same.toString().replaceAll("set=.*", ""),
                    key.name());
            assertNull(key.problem(key.byDefault()), key.name());
        }
    }
}
