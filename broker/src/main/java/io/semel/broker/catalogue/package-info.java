/**
 * What exists: topics, their partitions and settings, and which producer ids were given out; a shard like
 * the others, its journal a partition.
 * It opens no partition and talks to no client; desks read the immutable view it publishes once durable.
 * Start reading at {@link io.semel.broker.catalogue.CatalogueShard}.
 */
package io.semel.broker.catalogue;
