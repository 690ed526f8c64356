package io.semel.it.tools;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs the {@code main} of a command-line class in this JVM, as its shell script would in one of its own:
 * what
 * it prints is caught, and its exit ends it and not us. One at a time, since standard streams and Kafka's
 * {@code Exit} are the JVM's; nothing here is for two threads.
 */
final class Tool {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How a run ended. */
    record Outcome(String command, int exit, String out, String err) {
        /** The lines of its output, without empty ones. */
        List<String> lines() {
            return out.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        }

        Outcome succeeded() {
            if (exit != 0) throw new AssertionError(told("exited with " + exit));
            return this;
        }

        Outcome failed() {
            if (exit == 0) throw new AssertionError(told("was expected to fail"));
            return this;
        }

        Outcome says(String text) {
            if (!out.contains(text) && !err.contains(text)) {
                throw new AssertionError(told("does not say '" + text + "'"));
            }
            return this;
        }

        Outcome doesNotSay(String text) {
            if (out.contains(text) || err.contains(text)) {
                throw new AssertionError(told("says '" + text + "'"));
            }
            return this;
        }

        private String told(String what) {
            return command + "\n" + what + "\n--- out\n" + out + "\n--- err\n" + err;
        }
    }

    /** Ends a tool at its exit: an Error, since tools catch exceptions. */
    private static final class Exited extends Error {
        private static final long serialVersionUID = 1;

        Exited() {
            super("the tool has exited", null, false, false);
        }
    }

    private final String mainClass;
    private final List<String> arguments = new ArrayList<>();
    private final List<Runnable> hooks = new ArrayList<>();
    private String input = "";
    private int exit;
    private boolean exited;

    private Tool(String mainClass) {
        this.mainClass = mainClass;
    }

    /** @param mainClass its name below {@code org.apache.kafka}, or the whole name */
    static Tool of(String mainClass, Object... arguments) {
        Tool tool = new Tool(mainClass.startsWith("kafka.") ? mainClass : "org.apache.kafka." + mainClass);
        Arrays.stream(arguments).map(Object::toString).forEach(tool.arguments::add);
        return tool;
    }

    Tool reading(String standardInput) {
        this.input = standardInput;
        return this;
    }

    Outcome run() {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outCaught = new ByteArrayOutputStream();
        ByteArrayOutputStream errCaught = new ByteArrayOutputStream();
        Exit.setExitProcedure(this::exited);
        Exit.setHaltProcedure(this::exited);
        Exit.setShutdownHookAdder((name, hook) -> hooks.add(hook));
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        System.setOut(new PrintStream(outCaught, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errCaught, true, StandardCharsets.UTF_8));
        Throwable problem;
        try {
            problem = runMain();
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
            Exit.resetExitProcedure();
            Exit.resetHaltProcedure();
            Exit.resetShutdownHookAdder();
        }
        if (problem != null && !exited) exit = 1;
        String complaint = errCaught.toString(StandardCharsets.UTF_8) + (problem == null ? "" : problem);
        return new Outcome(mainClass + " " + String.join(" ", arguments), exit,
                outCaught.toString(StandardCharsets.UTF_8), complaint);
    }

    /** The first exit counts: tools that catch everything exit again. */
    private void exited(int code, String message) {
        if (!exited) exit = code;
        exited = true;
        if (message != null) System.err.println(message);
        throw new Exited();
    }

    private Throwable runMain() {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> ended.complete(invoke()), mainClass);
        thread.setDaemon(true);
        thread.start();
        try {
            return ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            AssertionError error = new AssertionError(mainClass + " " + arguments + " did not end");
            error.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            return error;
        } catch (InterruptedException | ExecutionException failure) {
            return failure;
        }
    }

    private Throwable invoke() {
        try {
            Class.forName(mainClass).getMethod("main", String[].class)
                    .invoke(null, (Object) arguments.toArray(String[]::new));
            return null;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause() instanceof Exited ? null : thrown.getCause();
        } catch (ReflectiveOperationException failure) {
            return failure;
        } finally {
            hooks.forEach(Runnable::run);
        }
    }
}
