package io.semel.rival;

import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the broker's log short: the class path may hold several slf4j providers and holds log4j, so one
 * provider is named, which writes warnings to standard error, and log4j is silent.
 */
final class RivalLogging {

    static final Map<String, String> PROPERTIES = new TreeMap<>(Map.of(
        "slf4j.provider", "org.slf4j.simple.SimpleServiceProvider",
        "slf4j.internal.verbosity", "ERROR",
        "org.slf4j.simpleLogger.defaultLogLevel", "warn",
        "org.slf4j.simpleLogger.logFile", "System.err",
        "org.slf4j.simpleLogger.showDateTime", "true",
        "log4j2.statusLoggerLevel", "OFF",
        "log4j2.level", "OFF"));

    private RivalLogging() { }
}
