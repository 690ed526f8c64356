/**
 * JSON for keys and values: records of Java to and from UTF-8 text, by Jackson. It is an optional module and
 * adds nothing but serdes. Start reading in {@link io.semel.streams.json.Json}.
 */
package io.semel.streams.json;
