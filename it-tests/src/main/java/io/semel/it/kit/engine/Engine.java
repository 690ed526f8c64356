package io.semel.it.kit.engine;

import io.semel.broker.config.Durability;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class, or one test, a running engine on a free port of loopback, with its data in a
 * temporary directory. Tests take it as a parameter of type {@link RunningEngine}; a parameter of type
 * {@link io.semel.it.kit.faults.Faults} is a fault proxy in front of it, healed and new after each test.
 * A test fails when its engine ended by itself.
 *
 * <p>While it runs, the system properties {@code spring.kafka.bootstrap-servers}, {@code
 * spring.embedded.kafka.brokers}, {@code kafka.bootstrap.servers} and {@code
 * mp.messaging.connector.smallrye-kafka.bootstrap.servers} name it, so that Spring and Quarkus tests find
 * it; put this annotation above theirs. They are the JVM's: classes that use them cannot run side by
 * side. Started and stopped by JUnit's thread.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EngineExtension.class)
public @interface Engine {
    Mode mode() default Mode.IN_PROCESS;

    /** When an append is acknowledged: {@code FORCE} survives a power cut. */
    Durability durability() default Durability.FORCE;

    /** On a class; on a method it is always for that test. */
    Scope scope() default Scope.CLASS;

    /** Partitions of topics that name no count. */
    int partitions() default 1;

    /** Whether the system properties name the fault proxy instead of the engine. */
    boolean behindFaults() default false;
}
