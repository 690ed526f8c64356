package io.semel.it.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import java.lang.reflect.Method;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test methods, {@code class#method}, in this JVM; its exit code says how they ended. */
final class RunTests {
    static final int PASSED = 0;
    static final int FAILED = 10;
    static final int NOTHING_RUN = 11;

    private RunTests() { }

    public static void main(String[] tests) throws ClassNotFoundException {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String test : tests) request.selectors(selector(test));
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherDiscoveryRequest built = request.build();
        LauncherFactory.create().execute(built, listener);

        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true), 6);
        System.out.println(summary.getTestsSucceededCount() + " passed, " + summary.getTotalFailureCount()
                + " failed");
        System.exit(summary.getTotalFailureCount() > 0 ? FAILED
                : summary.getTestsSucceededCount() == 0 ? NOTHING_RUN : PASSED);
    }

    /** Whatever parameters the method has. */
    private static DiscoverySelector selector(String test) throws ClassNotFoundException {
        int hash = test.indexOf('#');
        Class<?> type = Class.forName(test.substring(0, hash));
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(test.substring(hash + 1))) return selectMethod(type, method);
        }
        throw new IllegalArgumentException("no such test: " + test);
    }
}
