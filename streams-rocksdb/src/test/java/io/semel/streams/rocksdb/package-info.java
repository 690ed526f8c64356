/** Stores in RocksDB against the contract of all stores, kills, damage and a real broker. */
package io.semel.streams.rocksdb;
