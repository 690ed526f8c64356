/**
 * Record batches of format v2 as they are on the wire and on disk: read in place, checked, built, and folded
 * over. It knows nothing of logs, requests or transactions' meaning, and never changes a byte the CRC covers.
 * Start reading at {@link io.semel.wire.batch.BatchHeader}.
 */
package io.semel.wire.batch;
