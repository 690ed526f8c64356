package io.semel.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import io.semel.wire.topic.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
    private SimWorld world = new SimWorld(4, 1);
    private DataDirectory directory = new DataDirectory(world.disk());

    /** Below a start everything is removed: a turned bit must never pass for one. */
    @Test
    void refusesLogStartsWithAnyBitTurned() {
        Disk one = new SimWorld(1, 1).disk();
        DataDirectory directory = new DataDirectory(one);
        directory.writeLogStarts(new TreeMap<>(Map.of(new TopicPartition("t", 0), 12L)));
        directory.writeLogStarts(new TreeMap<>(Map.of(new TopicPartition("t", 0), 15L)));
        byte[] content = SmallFile.read(one, DataDirectory.LOG_STARTS);
        for (int bit = 0; bit < content.length * 8; bit++) {
            byte[] turned = content.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            SmallFile.replace(one, DataDirectory.LOG_STARTS, turned, true);

            assertThrows(DiskFailure.class, directory::logStarts, "bit " + bit);
        }
        SmallFile.replace(one, DataDirectory.LOG_STARTS, content, true);
        assertEquals(15L, directory.logStarts().get(new TopicPartition("t", 0)));
        one.delete(DataDirectory.LOG_STARTS + ".crc");
        assertEquals(15L, directory.logStarts().get(new TopicPartition("t", 0)), "as Kafka leaves it");
    }

    @Test
    void isNobodysUntilItIsIdentified() {
        assertNull(directory.identity());

        DataDirectory.Identity identity = new DataDirectory.Identity("k7sGgHrmQyeYvSZ8mR0NHg", 1,
                "qtZ_bQyTRSmjIjzyRoR3xw");
        directory.identify(identity);

        assertEquals(identity, directory.identity());
        assertEquals("#\ncluster.id=k7sGgHrmQyeYvSZ8mR0NHg\ndirectory.id=qtZ_bQyTRSmjIjzyRoR3xw\n"
                + "node.id=1\nversion=1\n",
                SmallFile.readText(world.disk(), "meta.properties"));
    }

    @Test
    void readsAnIdentityThatKafkaWrote() {
        put("meta.properties", "#\n#Sat Nov 21 09:00:00 UTC 2026\nnode.id=3\n"
                + "directory.id=qtZ_bQyTRSmjIjzyRoR3xw\nversion=1\ncluster.id=abc\n");

        assertEquals(new DataDirectory.Identity("abc", 3, "qtZ_bQyTRSmjIjzyRoR3xw"), directory.identity());
    }

    @Test
    void refusesAnIdentityItDoesNotUnderstand() {
        for (String text : new String[] {"version=7\ncluster.id=a\nnode.id=1", "version=1\nnode.id=1",
                "version=1\ncluster.id=a\nnode.id=x",
            "version=\\u00zz"}) {
            put("meta.properties", text);

            DiskFailure failure = assertThrows(DiskFailure.class, directory::identity, text);

            assertTrue(failure.getMessage().contains("meta.properties"), failure.getMessage());
        }
    }

    @Test
    void keepsOffsetsInKafkasCheckpointFormat() {
        SortedMap<TopicPartition, Long> points = new TreeMap<>();
        points.put(new TopicPartition("b", 10), 5L);
        points.put(new TopicPartition("b", 2), 1L << 40);
        points.put(new TopicPartition("__consumer_offsets", 0), 0L);

        directory.writeRecoveryPoints(points);

        assertEquals("0\n3\n__consumer_offsets 0 0\nb 2 1099511627776\nb 10 5\n",
                SmallFile.readText(world.disk(), "recovery-point-offset-checkpoint"));
        assertEquals(points, directory.recoveryPoints());
        assertTrue(directory.logStarts().isEmpty());
        directory.writeLogStarts(points);
        assertEquals(points, directory.logStarts());
    }

    @Test
    void saysWhichCheckpointCannotBeRead() {
        for (String text : new String[] {"1\n0\n", "0\nx\n", "0\n2\na 0 1\n", "0\n1\na 0\n",
                "0\n1\na zero 1\n", "nonsense"}) {
            put("recovery-point-offset-checkpoint", text);

            DiskFailure failure = assertThrows(DiskFailure.class, directory::recoveryPoints, text);

            assertTrue(failure.getMessage().startsWith("recovery-point-offset-checkpoint"),
                    failure.getMessage());
        }
    }

    @Test
    void isNeverHalfReplacedByAPowerCut() {
        for (int seed = 1; seed <= 200; seed++) {
            world = new SimWorld(seed, 1);
            directory = new DataDirectory(world.disk());
            SortedMap<TopicPartition, Long> points = new TreeMap<>();
            points.put(new TopicPartition("a", 0), 1L);
            directory.writeRecoveryPoints(points);
            points.put(new TopicPartition("a", 0), 2L);
            boolean replaced = seed % 2 == 0;
            if (replaced) directory.writeRecoveryPoints(points);
            else SmallFile.replace(world.disk(), DataDirectory.CLEAN_SHUTDOWN, new byte[3], false);
            world.crash(Survival.POWER_CUT);
            world = world.reboot();

            points = new DataDirectory(world.disk()).recoveryPoints();
            assertEquals(replaced ? 2L : 1L, points.get(new TopicPartition("a", 0)));
        }
    }

    @Test
    void givesItsCleanMarkOnce() {
        assertFalse(directory.takeCleanMark());
        directory.leaveCleanMark();
        assertEquals("{\"version\":0,\"brokerEpoch\":-1}", SmallFile.readText(world.disk(),
                ".kafka_cleanshutdown"));
        assertTrue(directory.takeCleanMark());

        world.crash(Survival.POWER_CUT);
        world = world.reboot();

        assertFalse(new DataDirectory(world.disk()).takeCleanMark());
    }

    private void put(String path, String text) {
        SmallFile.replace(world.disk(), path, text.getBytes(StandardCharsets.UTF_8), false);
    }
}
