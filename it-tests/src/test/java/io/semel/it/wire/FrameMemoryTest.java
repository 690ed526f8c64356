package io.semel.it.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.it.client.BrokerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory for incoming frames is bounded in total (I14): a few dozen connections that each announce a frame of
 * 99 MB exhaust the heap of Apache Kafka.
 */
class FrameMemoryTest {
    private static final int ATTACKERS = 40;
    /** The first is more than may ever be taken with such a heap, the second is not. */
    private static final int[] ANNOUNCED = {99_000_000, 90_000_000};
    /** Together five times the heap of the broker's process, if it took it all. */
    private static final int SENT = 32 << 20;
    private static final int ROUNDS = 12;
    /** As large as a batch may be by default. */
    private static final int VALUE_SIZE = 1_000_000;

    @Test
    void dozensOfHugeFramesUnderWayLeaveRoomForOthers(@TempDir Path directory) throws IOException {
        try (BrokerProcess broker = BrokerProcess.start(directory);
                Verbs neighbour = new Verbs(broker.bootstrap())) {
            long pid = broker.pid();
            neighbour.createTopic("served");
            List<Attacker> attackers = new ArrayList<>();
            for (int count = 0; count < ATTACKERS; count++) {
                attackers.add(new Attacker(broker.bootstrap(), ANNOUNCED[count % 2]));
            }

            int offset = 0;
            long slowestNanos = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (Attacker attacker : attackers) attacker.push(SENT / ROUNDS);
                long beganNanos = System.nanoTime();
                ByteBuffer batch =
                        Pid.NONE.builder(0, 1).add(Pid.TIME_MS, null, new byte[VALUE_SIZE]).build();
                assertEquals(offset, neighbour.accepted(neighbour.produce("served", batch)));
                assertEquals(1, Fetching.batches(neighbour.fetching().from("served", 0, offset).one())
                        .size());
                try (Verbs newcomer = new Verbs(broker.bootstrap())) {
                    newcomer.raw.ask(ApiKeys.METADATA, 9, new MetadataRequestData());
                }
                slowestNanos = Math.max(slowestNanos, System.nanoTime() - beganNanos);
                offset += 2;
            }
            for (Attacker attacker : attackers) attacker.leave();

            assertTrue(slowestNanos < TimeUnit.SECONDS.toNanos(5), "served after ns " + slowestNanos);
            assertTrue(ProcessHandle.of(pid).orElseThrow().isAlive());
            assertEquals(offset, neighbour.end("served"));
        }
    }

    /** Announces a huge frame and sends of it what the broker takes. */
    private static final class Attacker {
        private final SocketChannel channel;

        Attacker(String bootstrap, int announced) throws IOException {
            int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
            channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.allocate(Integer.BYTES).putInt(announced).flip());
            channel.configureBlocking(false);
        }

        /** Returns when all is sent or nothing more is taken. */
        void push(int size) {
            ByteBuffer part = ByteBuffer.allocate(size);
            try {
                while (part.hasRemaining() && channel.write(part) > 0) Thread.onSpinWait();
            } catch (IOException hungUpOn) {
                part.position(size);
            }
        }

        void leave() throws IOException {
            channel.close();
        }
    }
}
