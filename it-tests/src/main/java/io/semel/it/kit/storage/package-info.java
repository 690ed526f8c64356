/**
 * What goes wrong with the disk under a running engine: it is full, forces fail or take long, reads fail, a
 * bit is not what was written, the power is cut, at a point that has a name if that matters. It stands
 * between the engine and its real files, and reads no more of what is written than its points need. Start
 * reading at {@link io.semel.it.kit.storage.Storage}, then {@link io.semel.it.kit.storage.CrashPoint}.
 */
package io.semel.it.kit.storage;
