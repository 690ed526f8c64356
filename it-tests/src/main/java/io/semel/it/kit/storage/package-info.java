/**
 * What goes wrong with the disk under a running engine: it is full, forces fail or take long, reads fail, a
 * bit is not what was written, the power is cut. It stands between the engine and its real files; it never
 * looks into them, and knows nothing of logs. Start reading at {@link io.semel.it.kit.storage.Storage}.
 */
package io.semel.it.kit.storage;
