package io.semel.broker.config;

import java.util.List;

/** Settings that cannot be taken: all that is wrong with them, one a line, each naming where it stands. */
public final class ConfigProblem extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ConfigProblem(List<String> problems) {
        super(String.join("\n", problems));
    }
}
