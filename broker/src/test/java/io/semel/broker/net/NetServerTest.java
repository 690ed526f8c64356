package io.semel.broker.net;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFile;
import io.semel.log.disk.FileDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NetServerTest {
    private static final int MIB = 1 << 20;
    private static final NetLimits LIMITS = new NetLimits(8 * MIB, 16 * MIB, 100, 60_000, 500);

    @TempDir
    Path directory;
    private final EchoDoor door = new EchoDoor();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final TurnedLoops turned = new TurnedLoops(2);
    private NetServer server;

    private NetServer serve(NetLimits limits) {
        server = NetServer.start("127.0.0.1", 0, door, limits, turned.loops());
        return server;
    }

    private RawClient client() throws IOException {
        RawClient client = new RawClient(server);
        opened.add(client);
        return client;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) each.close();
        if (server != null) server.close();
        turned.close();
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private interface Sending {
        void run() throws IOException;
    }

    /** Sends what may not be read, and is hung up on at the latest when the test ends. */
    private static void inBackground(Sending sending) {
        Thread sender = new Thread(() -> {
            try {
                sending.run();
            } catch (IOException hungUp) {
                // what was to be sent is checked at the other end
            }
        });
        sender.setDaemon(true);
        sender.start();
    }

    @Test
    void answersInOrderHoweverTheBytesArrive() throws IOException {
        serve(LIMITS);
        RawClient client = client();
        int[] sizes = {0, 1, 10, 4096, 70_000, 3, 3 * MIB, 100_000, 5};

        for (int id = 0; id < sizes.length; id++) client.frame(id, bytes(sizes[id], id));
        for (byte part : new byte[] {0, 0, 0, 6, 0, 0, 0, 99, 7, 8}) client.out.write(part);

        for (int id = 0; id < sizes.length; id++) {
            assertTrue(client.echoes(id, bytes(sizes[id], id)), "id " + id);
        }
        assertTrue(client.echoes(99, new byte[] {7, 8}));
        await().until(() -> server.frameBytes() == 0);
    }

    @Test
    void hangsUpOnFramesThatCannotBe() throws IOException {
        serve(LIMITS);
        RawClient good = client().frame(1, bytes(10, 1));
        int[] sizes = {-1, 0, 3, Integer.MIN_VALUE, Integer.MAX_VALUE, 8 * MIB + 1};

        for (int size : sizes) assertTrue(client().announce(size, new byte[0]).isHungUp(), "size " + size);

        assertTrue(good.echoes(1, bytes(10, 1)));
        assertEquals(1, door.received.get());
        await().until(() -> door.closed.get() == sizes.length);
    }

    @Test
    void hangsUpOnHttpAndTls() throws IOException {
        serve(LIMITS);
        long start = System.nanoTime();

        assertTrue(client().text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").isHungUp());
        assertTrue(client().text("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")
            .isHungUp());

        assertTrue(System.nanoTime() - start < 5_000_000_000L);
        assertEquals(0, door.received.get());
    }

    @Test
    void servesOnAfterGarbage() throws IOException {
        serve(LIMITS);
        for (int seed = 0; seed < 60; seed++) {
            RawClient noisy = client();
            byte[] noise = bytes(20_000, seed);
            if (seed % 2 == 0) noise[0] = noise[1] = 0;
            inBackground(() -> noisy.out.write(noise));
            if (seed % 3 == 0) noisy.socket.shutdownOutput();
        }

        RawClient good = client().frame(1, bytes(1000, 1));

        assertTrue(good.echoes(1, bytes(1000, 1)));
        for (AutoCloseable each : opened) if (each != good) closeOrFail(each);
        await().until(() -> server.connectionCount() == 1 && server.frameBytes() == 0);
    }

    private static void closeOrFail(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception gone) {
            throw new IllegalStateException(gone);
        }
    }

    @Test
    void allocatesNothingForAnAnnouncementAlone() throws IOException {
        serve(new NetLimits(100 * MIB, 256 * MIB, 100, 60_000, 500));
        for (int announcer = 0; announcer < 48; announcer++) {
            client().announce(99 * MIB, bytes(10, announcer));
        }
        await().until(() -> server.frameBytes() > 0 && door.opened.get() == 48);

        RawClient good = client().frame(1, bytes(50_000, 1));

        assertTrue(good.echoes(1, bytes(50_000, 1)));
        await().during(Duration.ofMillis(200)).until(() -> server.frameBytes() < MIB);
    }

    @Test
    void servesOthersWhileManyAnnounceMoreThanThereIs() throws IOException {
        serve(LIMITS);
        for (int announcer = 0; announcer < 30; announcer++) {
            RawClient hungry = client();
            inBackground(() -> hungry.announce(7 * MIB, new byte[MIB]));
        }
        await().until(() -> server.frameBytes() > 8 * MIB);
        long slowest = 0;
        RawClient small = client();

        for (int id = 0; id < 200; id++) {
            long start = System.nanoTime();
            assertTrue(small.frame(id, bytes(20_000, id)).echoes(id, bytes(20_000, id)));
            slowest = Math.max(slowest, System.nanoTime() - start);
            assertTrue(server.frameBytes() <= LIMITS.framesBytesMax());
        }

        assertTrue(slowest < 2_000_000_000L, "a small request took " + slowest / 1_000_000 + " ms");
        RawClient large = client().frame(1, bytes(5 * MIB, 1));
        assertTrue(large.echoes(1, bytes(5 * MIB, 1)),
            "a large frame comes through once the stuck ones are given up");
        assertTrue(door.closed.get() > 0);
    }

    @Test
    void stopsReadingFromAClientThatDoesNotRead() throws IOException {
        serve(LIMITS);
        RawClient deaf = client();
        deaf.socket.setSendBufferSize(64 * 1024);
        byte[] payload = bytes(500_000, 3);
        inBackground(() -> {
            for (int id = 0; id < 200; id++) deaf.frame(id, payload);
        });
        await().until(() -> door.received.get() > 0);
        int[] seen = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> seen[0] == (seen[0] = door.received.get()));

        assertTrue(seen[0] < 60, "received " + seen[0] + " of 200 while nobody reads the answers");
        RawClient other = client();
        assertTrue(other.frame(1, payload).echoes(1, payload));
        for (int id = 0; id < 200; id++) assertTrue(deaf.echoes(id, payload), "id " + id);
    }

    @Test
    void stopsReadingWhenFramesAreNotConsumed() throws IOException {
        serve(LIMITS);
        door.keeps = true;
        RawClient eager = client();

        for (int id = 0; id < 1000; id++) eager.frame(id, bytes(10, id));

        await().until(() -> door.received.get() == Link.UNDER_WAY_MAX);
        await().during(Duration.ofMillis(200)).until(() -> door.received.get() == Link.UNDER_WAY_MAX);
        assertTrue(server.frameBytes() > 0);
        door.keeps = false;
        for (Runnable consumed : door.kept) consumed.run();
        for (Runnable consumed : door.kept) consumed.run();
        await().until(() -> door.received.get() == 1000 && server.frameBytes() == 0);
    }

    @Test
    void readsOnlyAsLongAsTheSessionWants() throws IOException {
        serve(LIMITS);
        door.pauses = true;
        RawClient client = client().frame(1, bytes(10, 1)).frame(2, bytes(10, 2));

        assertTrue(client.echoes(1, bytes(10, 1)));

        await().during(Duration.ofMillis(300)).until(() -> door.received.get() == 1);
        door.pauses = false;
        door.ports.peek().pauseReading(false);
        assertTrue(client.echoes(2, bytes(10, 2)));
    }

    @Test
    void sendsFileRangesAndGivesThemBack() throws IOException {
        serve(LIMITS);
        byte[] content = bytes(3 * MIB + 1, 9);
        DiskFile file = new FileDisk(directory).open("log");
        opened.add(file);
        file.write(ByteBuffer.wrap(content), 0);
        door.fileBytes = content.length;
        door.file = file;
        RawClient client = client();

        for (int id = 0; id < 5; id++) client.frame(id, new byte[0]);

        for (int id = 0; id < 5; id++) {
            byte[] frame = new byte[client.in.readInt()];
            client.in.readFully(frame);
            assertEquals(id, ByteBuffer.wrap(frame).getInt());
            ByteBuffer tail = ByteBuffer.wrap(frame, frame.length - content.length, content.length);
            assertEquals(ByteBuffer.wrap(content), tail);
        }
        await().until(() -> door.released.get() == 10);
    }

    @Test
    void givesFileRangesBackWhenTheClientIsGone() throws IOException {
        serve(LIMITS);
        byte[] content = bytes(8 * MIB, 9);
        DiskFile file = new FileDisk(directory).open("log");
        opened.add(file);
        file.write(ByteBuffer.wrap(content), 0);
        door.fileBytes = content.length;
        door.file = file;
        RawClient client = client();
        for (int id = 0; id < 20; id++) client.frame(id, new byte[0]);
        await().until(() -> door.received.get() > 0);

        client.close();

        await().until(() -> door.closed.get() == 1 && door.released.get() == 2 * door.received.get());
    }

    @Test
    void hangsUpOnTheIdle() throws IOException {
        serve(new NetLimits(MIB, 16 * MIB, 100, 300, 500));

        RawClient idle = client();

        assertTrue(idle.isHungUp());
        await().until(() -> server.connectionCount() == 0 && door.closed.get() == 1);
    }

    @Test
    void keepsAnIdleConnectionWhoseRequestIsBeingWorkedOn() throws IOException {
        serve(new NetLimits(MIB, 16 * MIB, 100, 200, 500));
        door.keeps = true;
        client().frame(1, bytes(1, 1));
        await().until(() -> door.received.get() == 1);

        await().during(Duration.ofMillis(800)).until(() -> door.closed.get() == 0);

        door.kept.remove().run();
        await().until(() -> door.closed.get() == 1);
    }

    @Test
    void takesNoMoreConnectionsThanItMay() throws IOException {
        serve(new NetLimits(MIB, 16 * MIB, 2, 60_000, 500));
        RawClient first = client();
        RawClient second = client();
        assertTrue(first.frame(1, new byte[1]).echoes(1, new byte[1]));
        assertTrue(second.frame(1, new byte[1]).echoes(1, new byte[1]));

        assertTrue(client().isHungUp());

        assertTrue(first.frame(2, new byte[1]).echoes(2, new byte[1]));
        first.close();
        await().until(() -> server.connectionCount() == 1);
        RawClient third = client();
        assertTrue(third.frame(3, new byte[1]).echoes(3, new byte[1]));
    }

    @Test
    void endsEverythingWhenClosed() throws IOException {
        serve(LIMITS);
        RawClient client = client().announce(MIB, bytes(100_000, 1));
        await().until(() -> server.frameBytes() > 0);

        server.close();

        assertTrue(client.isHungUp());
        assertEquals(1, door.closed.get());
        assertEquals(0, server.frameBytes());
        door.ports.peek().pauseReading(true);
    }

    @Test
    void saysWhichAddressIsTaken() {
        serve(LIMITS);

        IllegalStateException refusal = assertThrows(IllegalStateException.class,
            () -> NetServer.start("127.0.0.1", server.port(), door, LIMITS, turned.loops()));

        assertTrue(refusal.getMessage().contains("127.0.0.1:" + server.port()), refusal.getMessage());
    }
}
