package io.semel.it.kit.engine;

import io.semel.broker.config.Durability;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The main program of an engine in a JVM of its own: says on its first line where it serves, and ends
 * with the JVM that started it, however that ended. Needs no more on its class path than an embedding
 * application does.
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
        InProcess life = new InProcess(Path.of(arguments[0]), Durability.valueOf(arguments[2]),
                Integer.parseInt(arguments[3]), Set.of(), settings);
        int port = life.start(Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(life::stop, "engine-stop"));
        life.onDefect(() -> Runtime.getRuntime().halt(DEFECT));
        System.out.println(READY + port);
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
