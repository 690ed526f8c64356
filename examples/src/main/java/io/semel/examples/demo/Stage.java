package io.semel.examples.demo;

import io.semel.examples.flights.FlightApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The two processes of a round, the broker and the application, on a directory of their own. Owned by the
 * round's thread.
 */
final class Stage implements AutoCloseable {

    private static final String BROKER_MAIN = "io.semel.broker.BrokerMain";
    private static final String RIVAL_MAIN = "io.semel.rival.RivalMain";
    /** Small transactions, so that a kill falls amid many of them. */
    private static final int RECORDS_PER_TRANSACTION = 200;

    private final Child broker;
    private final Child application;
    private final String bootstrap;

    private Stage(Child broker, Child application, String bootstrap) {
        this.broker = broker;
        this.application = application;
        this.bootstrap = bootstrap;
    }

    /** Our broker, or Apache Kafka from the class path in its place. Starts nothing yet. */
    static Stage in(Path dir, boolean rival) {
        int port = freePort();
        String bootstrap = "127.0.0.1:" + port, data = dir.resolve("broker").toString();
        Path log = dir.resolve("broker.log");
        Child broker = rival
            ? new Child("broker", log, RIVAL_MAIN, List.of("--dir", data, "--port", Integer.toString(port)))
            : new Child("broker", log, BROKER_MAIN, List.of("--data", data, "--listen", bootstrap));
        Path stateDir = dir.resolve("application");
        List<String> args = List.of("--bootstrap", bootstrap, "--state-dir", stateDir.toString(),
            "--records-per-transaction", Integer.toString(RECORDS_PER_TRANSACTION));
        Path applicationLog = dir.resolve("application.log");
        Child application = new Child("application", applicationLog, FlightApp.class.getName(), args);
        return new Stage(broker, application, bootstrap);
    }

    /** What every client of this stage starts its configuration from. */
    Map<String, Object> client() {
        return Map.of("bootstrap.servers", bootstrap, "reconnect.backoff.max.ms", 200);
    }

    Child child(KillPlan.Target target) {
        return switch (target) {
            case BROKER -> broker;
            case APPLICATION -> application;
        };
    }

    void check() {
        broker.check();
        application.check();
    }

    String status() {
        return "broker " + state(broker) + ", application " + state(application);
    }

    void destroyNow() {
        application.destroyNow();
        broker.destroyNow();
    }

    /** The application first, so that it can leave its group. */
    @Override
    public void close() {
        application.close();
        broker.close();
    }

    private static String state(Child child) {
        return child.isReady() ? "up" : "starting";
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new DemoFailure("no free port: " + none.getMessage(), none);
        }
    }
}
