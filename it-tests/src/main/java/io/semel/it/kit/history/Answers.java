package io.semel.it.kit.history;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;

/**
 * What an error from kafka-clients says about what happened. Only errors that come before anything is sent,
 * or that the broker gives without ever having appended, are failures; fencing is not among them, for the
 * first copy of a repeated request may have taken effect. Stateless.
 */
final class Answers {
    private static final Set<String> NEVER_APPENDED =
            Set.of("RecordTooLargeException", "SerializationException", "InvalidTopicException",
            "TopicAuthorizationException", "InvalidRecordException", "RecordBatchTooLargeException",
            "IllegalStateException", "IllegalArgumentException");

    private Answers() {
    }

    static Outcome of(Throwable error) {
        return NEVER_APPENDED.contains(error.getClass().getSimpleName()) ? Outcome.FAILED : Outcome.UNKNOWN;
    }

    /** Calls through and throws what the real client throws. */
    static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
