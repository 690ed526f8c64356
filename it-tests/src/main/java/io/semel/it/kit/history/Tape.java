package io.semel.it.kit.history;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * One process of a history: hands out kafka-clients' own interfaces that record what passes through them. The
 * wrappers are dynamic proxies, so that they stand beside any kafka-clients version. Used by one thread, as a
 * consumer and a transactional producer are; answers may come on any.
 */
public final class Tape {
    private final Recorder recorder;
    private final String process;
    private String transaction;
    private long transactions;

    Tape(Recorder recorder, String process) {
        this.recorder = recorder;
        this.process = process;
    }

    /** @param transactionalId null for a producer without transactions */
    @SuppressWarnings("unchecked")
    public <K, V> Producer<K, V> producer(Producer<K, V> real, String transactionalId) {
        return (Producer<K, V>) wrap(Producer.class, new ProducerTape(this, real, transactionalId));
    }

    /** @param readCommitted whether its isolation.level is read_committed */
    @SuppressWarnings("unchecked")
    public <K, V> Consumer<K, V> consumer(Consumer<K, V> real, boolean readCommitted) {
        return (Consumer<K, V>) wrap(Consumer.class, new ConsumerTape(this, real, readCommitted));
    }

    private static Object wrap(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    public String process() {
        return process;
    }

    public Recorder recorder() {
        return recorder;
    }

    /** The name of the transaction that is open, or null. */
    public String transaction() {
        return transaction;
    }

    void begins() {
        transaction = process + "/" + ++transactions;
    }

    void ends() {
        transaction = null;
    }

    Operation operation(Kind kind) {
        return Operation.of(process, kind).in(transaction);
    }

    Operation begin(Operation operation) {
        return recorder.begin(operation);
    }

    static String text(Object value) {
        if (value instanceof byte[] bytes) return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        return value == null ? null : value.toString();
    }
}
