package io.semel.streams.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Lets a class stand for a wide interface by the methods it has; the others are refused by name. */
final class Partial {
    private Partial() {
    }

    @SuppressWarnings("unchecked")
    static <T> T as(Class<? super T> type, Object part) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, args) -> {
            Method own;
            try {
                own = part.getClass().getDeclaredMethod(method.getName(), method.getParameterTypes());
            } catch (NoSuchMethodException absent) {
                throw new UnsupportedOperationException(type.getSimpleName() + "." + method, absent);
            }
            try {
                return own.invoke(part, args);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        });
    }
}
