package io.semel.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimNetTest {
    private static final int FRAMES = 12;

    /** A process that echoes, and clients that count what comes back. */
    private static final class Echo {
        final SimRun run;
        final SimNet net;
        final List<Long> arrived = new ArrayList<>();
        final List<List<Long>> echoed = new ArrayList<>();
        final List<SimConnection> connections = new ArrayList<>();
        int lost;
        int closed;

        Echo(long seed, int clients) {
            run = new SimRun(seed);
            net = new SimNet(run);
            net.serve(this::accept);
            for (int client = 0; client < clients; client++) dial(client);
        }

        private SimNet.ServerSide accept(SimConnection connection) {
            return new SimNet.ServerSide() {
                @Override
                public void receive(ByteBuffer frame, Runnable consumed) {
                    arrived.add(frame.getLong(0));
                    connection.reply(() -> frame, () -> { });
                    consumed.run();
                }

                @Override
                public void closed() {
                    closed++;
                }
            };
        }

        private void dial(int client) {
            List<Long> mine = new ArrayList<>();
            echoed.add(mine);
            SimConnection connection = net.connect(new SimNet.ClientSide() {
                @Override
                public void received(ByteBuffer frame) {
                    mine.add(frame.getLong(0));
                }

                @Override
                public void lost() {
                    lost++;
                }
            });
            connections.add(connection);
            for (int frame = 0; frame < FRAMES; frame++) connection.send(ByteBuffer.allocate(8)
                    .putLong(0, client * 100L + frame));
        }
    }

    private static List<Long> first(int client, int count) {
        List<Long> frames = new ArrayList<>();
        for (int frame = 0; frame < count; frame++) frames.add(client * 100L + frame);
        return frames;
    }

    @Test
    void keepsOrderWithinAConnectionAndMixesBetweenThem() {
        Set<String> orders = new TreeSet<>();
        for (long seed = 1; seed <= 40; seed++) {
            Echo echo = new Echo(seed, 2);

            echo.run.until(() -> false, 2_000);

            assertEquals(first(0, FRAMES), echo.echoed.get(0), "seed " + seed);
            assertEquals(first(1, FRAMES), echo.echoed.get(1), "seed " + seed);
            orders.add(echo.arrived.toString());
        }
        assertTrue(orders.size() > 30, "connections hardly overtake each other: " + orders.size());
    }

    @Test
    void losesRequestsOrRepliesFromTheEndWhenCut() {
        int requestsLost = 0;
        int repliesLost = 0;
        for (long seed = 1; seed <= 200; seed++) {
            Echo echo = new Echo(seed, 1);
            echo.run.until(() -> echo.echoed.get(0).size() >= 3, 1_000);

            echo.net.cutOne();
            echo.run.until(() -> false, 2_000);

            List<Long> arrived = echo.arrived;
            List<Long> answered = echo.echoed.get(0);
            assertEquals(first(0, arrived.size()), arrived, "seed " + seed);
            assertEquals(first(0, answered.size()), answered, "seed " + seed);
            assertEquals(1, echo.lost, "seed " + seed);
            assertEquals(1, echo.closed, "seed " + seed);
            if (arrived.size() < FRAMES) requestsLost++;
            if (answered.size() < arrived.size()) repliesLost++;
        }
        assertTrue(requestsLost > 20, "requests lost in " + requestsLost + " of 200");
        assertTrue(repliesLost > 20, "replies lost in " + repliesLost + " of 200");
    }

    @Test
    void deliversWhatADeadClientHadUnderWay() {
        int late = 0;
        for (long seed = 1; seed <= 100; seed++) {
            Echo echo = new Echo(seed, 1);
            echo.run.until(() -> echo.arrived.size() >= 2, 1_000);
            int before = echo.arrived.size();

            echo.connections.get(0).closeByClient();
            int heard = echo.echoed.get(0).size();
            echo.run.until(() -> false, 2_000);

            assertEquals(heard, echo.echoed.get(0).size(), "a dead client heard something, seed " + seed);
            assertEquals(1, echo.closed, "seed " + seed);
            if (echo.arrived.size() > before) late++;
        }
        assertTrue(late > 30, "requests arrived late in " + late + " of 100");
    }

    @Test
    void refusesWhenNobodyServes() {
        Echo echo = new Echo(8, 2);
        echo.net.serverDied();

        echo.run.until(() -> false, 500);

        assertEquals(2, echo.lost);
        assertEquals(List.of(), echo.arrived);
    }
}
