package io.semel.it.kit.engine;

import io.semel.broker.config.BrokerConfig;
import io.semel.broker.config.Durability;
import io.semel.broker.config.EngineConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The main program of an engine in a JVM of its own: says on its first line where it serves, and ends
 * with the JVM that started it, however that ended. Its disk is the machine's and nothing stands between:
 * what remembers unforced writes for a power cut would take more room than the engine. Needs no more on its
 * class path than an embedding application does.
 */
public final class EngineProcess {
    static final String READY = "semel engine ready on port ";
    private static final int DEFECT = 70;

    private EngineProcess() { }

    /**
     * @param arguments directory, port, durability, partitions of topics that name no count, and more
     *        settings, each as {@code key=value}
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String setting : List.of(arguments).subList(4, arguments.length)) {
            int equals = setting.indexOf('=');
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        Durability durability = Durability.valueOf(arguments[2]);
        int port = Integer.parseInt(arguments[1]);
        EngineConfig config = EngineConfig.in(Path.of(arguments[0]), RunningEngine.HOST, port)
                .withDurability(durability);
        BrokerConfig broker = BrokerConfig.defaults(RunningEngine.HOST, port).withDurability(durability)
                .withPartitionsDefault(Integer.parseInt(arguments[3])).with(settings);
        io.semel.broker.Engine engine = io.semel.broker.Engine.start(config, broker);
        Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "engine-stop"));
        engine.defect().thenRun(() -> Runtime.getRuntime().halt(DEFECT));
        System.out.println(READY + engine.port());
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
