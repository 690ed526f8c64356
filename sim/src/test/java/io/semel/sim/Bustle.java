package io.semel.sim;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;

/** A little program that uses every part of the simulated world, for comparing runs of one seed. */
final class Bustle {
    private final SimRun run;
    private final SimNet net;
    private SimWorld world;
    private int answers;

    private Bustle(long seed) {
        this.run = new SimRun(seed);
        this.world = new SimWorld(run, 3);
        this.net = new SimNet(run);
    }

    /** Prints the digest of one seed's run, for a test that starts this in another JVM. */
    public static void main(String[] args) {
        System.out.println(digest(Long.parseLong(args[0])));
    }

    static long digest(long seed) {
        return new Bustle(seed).play();
    }

    private long play() {
        Nemesis nemesis = new Nemesis(run).cuts(3, net).pauses(1, 500).slowDisk(1, () -> world, 50, 200)
                .crashes(2, node(), 60, 80);
        serve();
        for (int client = 0; client < 3; client++) dial(client, 0);
        nemesis.start(8, 600);
        run.until(() -> answers >= 200, 20_000);
        run.trace().note("answers", answers, world.entropy().nextLong());
        return run.trace().digest();
    }

    private Nemesis.Node node() {
        return new Nemesis.Node() {
            private boolean alive = true;

            @Override
            public boolean alive() {
                return alive;
            }

            @Override
            public void crash(Survival survival) {
                alive = false;
                net.serverDied();
                world.crash(survival);
            }

            @Override
            public void boot() {
                alive = true;
                world = world.reboot();
                serve();
            }
        };
    }

    private void serve() {
        SimWorld life = world;
        net.serve(connection -> new SimNet.ServerSide() {
            @Override
            public void receive(ByteBuffer frame, Runnable consumed) {
                Lane lane = life.lanes().owning((int) connection.id());
                lane.post(() -> write(life, lane, frame, connection, consumed));
            }

            @Override
            public void closed() {
                run.trace().note("closed", connection.id(), 0);
            }
        });
    }

    private void write(SimWorld life, Lane lane, ByteBuffer frame, SimConnection connection,
            Runnable consumed) {
        String path = "file-" + lane.index();
        DiskFile file = life.disk().open(path);
        file.write(frame.duplicate(), file.size());
        consumed.run();
        lane.atTurnEnd(() -> life.io().run(path, () -> {
            file.force();
            life.disk().forceDirectory("");
            return file.size();
        }, lane, (size, thrown) -> connection.reply(() -> ByteBuffer.allocate(8).putLong(0, size), () ->
                { })));
    }

    private void dial(int client, int sent) {
        SimConnection[] connection = new SimConnection[1];
        connection[0] = net.connect(new SimNet.ClientSide() {
            @Override
            public void received(ByteBuffer frame) {
                answers++;
                run.trace().note("answer", client, frame.getLong(0));
                connection[0].send(ByteBuffer.allocate(8).putLong(0, answers));
            }

            @Override
            public void lost() {
                run.after(20, "dial again", () -> dial(client, sent + 1));
            }
        });
        connection[0].send(ByteBuffer.allocate(8).putLong(0, sent));
    }
}
