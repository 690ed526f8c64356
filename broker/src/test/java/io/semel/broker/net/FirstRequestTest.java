package io.semel.broker.net;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.broker.Engine;
import io.semel.broker.config.EngineConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FirstRequestTest {
    @Test
    void isAnsweredByABrokerThatHasStarted(@TempDir Path directory) {
        try (Engine engine = Engine.start(EngineConfig.in(directory, "127.0.0.1", 0))) {
            FirstRequest.ask("127.0.0.1", engine.port());
        }
    }

    @Test
    void saysWhatItGotFromSomethingThatIsNoBroker() {
        try (TurnedLoops turned = new TurnedLoops(1);
                NetServer echo = NetServer.start("127.0.0.1", 0, new EchoDoor(), NetLimits.defaults(),
                        turned.loops())) {
            String told = assertThrows(IllegalStateException.class,
                    () -> FirstRequest.ask("127.0.0.1", echo.port())).getMessage();

            assertTrue(told.contains("127.0.0.1:" + echo.port()) && told.contains("an answer"), told);
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        String told = assertThrows(IllegalStateException.class, () -> FirstRequest.ask("127.0.0.1", port))
                .getMessage();

        assertTrue(told.contains("127.0.0.1:" + port), told);
    }
}
