/**
 * The words every program uses: {@link io.semel.streams.Topic}, {@link io.semel.streams.Store}, {@link
 * io.semel.streams.Serdes}, and the five {@link io.semel.streams.StreamsError errors} that can come back.
 * It never talks to a broker and knows no operator.
 * Start reading in {@code io.semel.streams.dsl}, whose package page is a complete program.
 */
package io.semel.streams;
