package io.semel.examples.demo;

import java.io.Console;

/** Whether standard output is a terminal on which a line can be drawn again. Stateless. */
final class Terminal {

    private Terminal() { }

    /**
     * The launcher knows ({@code semel.terminal}); otherwise a console means both input and output are one.
     */
    static boolean isOne() {
        String told = System.getProperty("semel.terminal");
        if (told != null) return Boolean.parseBoolean(told);
        Console console = System.console();
        return console != null && saysSo(console) && !"dumb".equals(System.getenv("TERM"));
    }

    /** From Java 22 on there is a console even without a terminal, and it can be asked. */
    private static boolean saysSo(Console console) {
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException cannotTell) {
            return false;
        }
    }
}
