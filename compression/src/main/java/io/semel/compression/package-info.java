/**
 * One codec per compression type of the Kafka protocol: gzip, snappy, lz4, zstd and none, in the formats of
 * record batches v2. It never trusts a size that the input claims, never exceeds the caller's output bound,
 * and never throws for what bytes say. Start reading at {@link io.semel.compression.Codec}; each format has
 * one file.
 */
package io.semel.compression;
