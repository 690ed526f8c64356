/**
 * The real world's disk under the kernel's seams: files, mapped indexes, the lock on a data directory, the
 * pool of I/O threads. It never knows what a log or a batch is; chronicle-bytes is named here and nowhere
 * else, for rebuildable indexes only. Start reading at {@link io.semel.log.disk.FileDisk}.
 */
package io.semel.log.disk;
