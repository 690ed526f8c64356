/**
 * JMH benchmarks of what runs for every batch or record.
 * Each has beside it the least that could be done with the same bytes, where there is such a thing.
 * Start reading at {@link io.semel.bench.micro.Micro}.
 */
package io.semel.bench.micro;
