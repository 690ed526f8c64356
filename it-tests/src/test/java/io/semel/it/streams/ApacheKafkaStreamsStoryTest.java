package io.semel.it.streams;

import io.semel.rival.RivalKafka;
import java.nio.file.Path;
import java.util.Map;

/** The stories on Apache Kafka 4.3.1: the DSL needs nothing of our broker's own. */
class ApacheKafkaStreamsStoryTest extends StreamsStory {
    @Override
    BrokerUnderTest startBroker(Path directory) {
        RivalKafka rival = RivalKafka.start(directory, Map.of());
        return new BrokerUnderTest() {
            @Override
            public String bootstrap() {
                return rival.bootstrap();
            }

            @Override
            public void kill9() {
                rival.kill9();
            }

            @Override
            public void restart() {
                rival.restart();
            }

            @Override
            public void close() {
                rival.close();
            }
        };
    }
}
