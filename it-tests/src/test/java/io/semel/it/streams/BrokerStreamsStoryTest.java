package io.semel.it.streams;

import java.nio.file.Path;

/** The stories on our broker, as users run it. */
class BrokerStreamsStoryTest extends StreamsStory {
    @Override
    BrokerUnderTest startBroker(Path directory) {
        return new ChildBroker(directory);
    }
}
