/**
 * The picture of a program: nodes, what they read, write and remember, cut into sub-topologies at every
 * repartition topic, and the plan of partitions that follows from it. It never processes a record and never
 * asks a broker. Start reading in {@link io.semel.streams.topology.Graph}.
 */
package io.semel.streams.topology;
