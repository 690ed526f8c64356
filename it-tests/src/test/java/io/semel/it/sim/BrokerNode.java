package io.semel.it.sim;

import io.semel.broker.Broker;
import io.semel.broker.config.BrokerConfig;
import io.semel.broker.net.Peer;
import io.semel.broker.net.ReplyPort;
import io.semel.broker.net.Session;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.Saboteur;
import io.semel.sim.Nemesis;
import io.semel.sim.SimConnection;
import io.semel.sim.SimNet;
import io.semel.sim.SimRun;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import io.semel.wire.message.Reply;
import java.nio.ByteBuffer;

/** The machine the broker runs on: life after life of one data directory, each with a new broker, all behind one address. */
final class BrokerNode implements Nemesis.Node {
    private final SimRun run;
    private final SimNet net;
    private final BrokerConfig config;
    private SimWorld world;
    private Broker broker;
    private boolean alive;
    private boolean serving;

    BrokerNode(SimRun run, SimNet net, BrokerConfig config, int lanes, Saboteur... saboteurs) {
        this.run = run;
        this.net = net;
        this.config = config;
        this.world = new SimWorld(run, lanes, saboteurs);
    }

    SimWorld world() {
        return world;
    }

    Broker broker() {
        return broker;
    }

    boolean serves() {
        return serving;
    }

    @Override
    public boolean alive() {
        return alive;
    }

    @Override
    public void crash(Survival survival) {
        alive = false;
        serving = false;
        net.serverDied();
        world.crash(survival);
    }

    /** Starts the first life, or the next one. */
    @Override
    public void boot() {
        if (broker != null) world = world.reboot();
        alive = true;
        Broker next = new Broker(world, config, "simulated-cluster");
        broker = next;
        next.start(failure -> {
            if (failure != null) throw new AssertionError("the broker did not start", failure);
            if (broker != next) return;
            serving = true;
            run.trace().note("serving", world.life(), 0);
            net.serve(connection -> accept(next, connection));
        });
    }

    private SimNet.ServerSide accept(Broker server, SimConnection connection) {
        Session session = server.door().open(peer(connection), new Port(connection));
        return new SimNet.ServerSide() {
            @Override
            public void receive(ByteBuffer frame, Runnable consumed) {
                session.receive(frame, consumed);
            }

            @Override
            public void closed() {
                session.closed();
            }
        };
    }

    private static Peer peer(SimConnection connection) {
        return new Peer("10.0.0.1", 1024 + (int) (connection.id() % 60_000));
    }

    private record Port(SimConnection connection) implements ReplyPort {
        @Override
        public void send(Reply reply) {
            connection.reply(() -> rendered(reply), reply::release);
        }

        private static ByteBuffer rendered(Reply reply) {
            try {
                return reply.materialise().position(Integer.BYTES).slice();
            } catch (DiskFailure unreadable) {
                return null;
            } finally {
                reply.release();
            }
        }

        @Override
        public void close() {
            connection.hangUp();
        }

        @Override
        public void pauseReading(boolean paused) {
            connection.pauseReading(paused);
        }
    }
}
