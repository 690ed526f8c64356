/**
 * What can be set, its defaults and its bounds: for the broker and for a topic.
 * It reads no files and knows no room; a value it cannot honour is refused with a message that names the key.
 * Start reading at {@link io.semel.broker.config.BrokerConfig}.
 */
package io.semel.broker.config;
