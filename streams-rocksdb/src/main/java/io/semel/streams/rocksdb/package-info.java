/**
 * Base stores for the streams DSL that keep their rows in RocksDB, for state larger than memory.
 * Start reading at {@link io.semel.streams.rocksdb.RocksStores}.
 */
package io.semel.streams.rocksdb;
