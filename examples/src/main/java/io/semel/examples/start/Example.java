package io.semel.examples.start;

import io.semel.streams.Topic;
import io.semel.streams.dsl.Topology;
import java.util.List;

/** A program with a few records to run it on. Immutable; used by one thread. */
interface Example {
    /** One line on what it shows. */
    String what();

    Topology topology();

    /** The topics that have to be there, each with one partition. */
    List<String> topics();

    /** What goes in, in order. */
    List<Sample> samples();

    /** Where results come out. */
    Topic<?, ?> results();

    /** How many results come out. */
    int resultCount();

    /** What to try next. */
    default String next() {
        return "";
    }
}
