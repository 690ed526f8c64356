package io.semel.it.kit.engine;

import io.semel.it.kit.faults.Faults;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Starts and stops the engines that {@link Engine} asks for; when a test with a fault proxy fails, prints
 * seed and schedule. Stateless; JUnit's threads.
 */
public final class EngineExtension implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback,
        AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace SPACE =
            ExtensionContext.Namespace.create(EngineExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        Engine wish = onClass(context);
        if (wish != null && wish.scope() == Scope.CLASS && session(context) == null) open(context, wish);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Engine own = context.getElement()
                .flatMap(test -> AnnotationSupport.findAnnotation(test, Engine.class)).orElse(null);
        Engine shared = onClass(context);
        if (own != null) open(context, own);
        else if (shared != null && shared.scope() == Scope.METHOD) open(context, shared);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Session session = session(context);
        if (session == null) return;
        String story = session.heal();
        if (story != null && context.getExecutionException().isPresent()) {
            System.err.println(context.getDisplayName() + " failed under these faults:\n" + story);
        }
        try {
            session.engine().assertServing();
        } finally {
            close(context);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RunningEngine.class || type == Faults.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Session session = session(context);
        if (session == null) {
            throw new ParameterResolutionException("no engine runs yet here: with Scope.METHOD, or @Engine"
                    + " on a method, only test methods and what runs before and after each can take it");
        }
        return parameter.getParameter().getType() == Faults.class ? session.faults() : session.engine();
    }

    /** The annotation of the class, or of the classes it is nested in. */
    private static Engine onClass(ExtensionContext context) {
        for (Optional<Class<?>> type = context.getTestClass(); type.isPresent();
                type = Optional.ofNullable(type.get().getEnclosingClass())) {
            Optional<Engine> found = AnnotationSupport.findAnnotation(type.get(), Engine.class);
            if (found.isPresent()) return found.get();
        }
        return null;
    }

    private static void open(ExtensionContext context, Engine wish) {
        context.getStore(SPACE).put(Session.class, new Session(wish));
    }

    /** That of this context, or of those around it. */
    private static Session session(ExtensionContext context) {
        return context.getStore(SPACE).get(Session.class, Session.class);
    }

    /** Only that of this very context. */
    private static void close(ExtensionContext context) {
        Session own = context.getStore(SPACE).remove(Session.class, Session.class);
        if (own != null) own.close();
    }
}
