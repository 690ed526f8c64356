/**
 * The faults of the disk, each under a running engine and real clients. Never looks inside the broker. Start
 * reading at StorageTest.
 */
package io.semel.it.kit.storage;
