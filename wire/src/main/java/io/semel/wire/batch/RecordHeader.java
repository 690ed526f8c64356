package io.semel.wire.batch;

import java.nio.ByteBuffer;

/** A header of a record: a name and a value that may be null. Immutable but for the buffer's position. */
public record RecordHeader(String key, ByteBuffer value) { }
