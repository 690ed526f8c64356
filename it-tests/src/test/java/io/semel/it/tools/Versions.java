package io.semel.it.tools;

import org.apache.kafka.common.utils.AppInfoParser;

/** The versions of what is tried, as it tells them itself. */
final class Versions {
    static final String KAFKA = AppInfoParser.getVersion();

    private Versions() {
    }
}
