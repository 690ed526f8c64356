package io.semel.it.streams;

/** A broker that can be killed and comes back under the same address with what it had. One thread. */
interface BrokerUnderTest extends AutoCloseable {
    String bootstrap();

    void kill9();

    void restart();

    @Override
    void close();
}
