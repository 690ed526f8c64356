package io.semel.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The first class of every child process: runs the main of the class that its first argument names, and
 * halts the process when its standard input ends, so that no child outlives the demo, however that one
 * died.
 */
final class Tether {

    private static final int EXIT_ORPHANED = 3;

    private Tether() { }

    public static void main(String[] args) throws Exception {
        Thread thread = new Thread(() -> haltAtEndOf(System.in), "tether");
        thread.setDaemon(true);
        thread.start();
        try {
            Object rest = Arrays.copyOfRange(args, 1, args.length);
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null, rest);
        } catch (InvocationTargetException thrown) {
            thrown.getCause().printStackTrace();
            System.exit(1);
        }
    }

    private static void haltAtEndOf(InputStream in) {
        try {
            while (in.read() >= 0) { }
        } catch (IOException gone) {
            // as good as its end
        }
        Runtime.getRuntime().halt(EXIT_ORPHANED);
    }
}
