package io.semel.compression;

/**
 * The compression types of the Kafka protocol with their ids, as they stand in the low three bits of a
 * batch's attributes. Immutable; usable from any thread.
 */
public enum CompressionType {
    NONE(0, "none", new NoneCodec()),
    GZIP(1, "gzip", new GzipCodec()),
    SNAPPY(2, "snappy", new SnappyCodec()),
    LZ4(3, "lz4", new Lz4Codec()),
    ZSTD(4, "zstd", new ZstdCodec());

    private static final CompressionType[] BY_ID = values();

    private final int id;
    private final String label;
    private final Codec codec;

    CompressionType(int id, String label, Codec codec) {
        this.id = id;
        this.label = label;
        this.codec = codec;
    }

    /** The type of this id, or null when the protocol gives the id no meaning: ids come from the network. */
    public static CompressionType ofId(int id) {
        return id < 0 || id >= BY_ID.length ? null : BY_ID[id];
    }

    /** The id on the wire, 0 to 4. */
    public int id() {
        return id;
    }

    /** The name that configurations use, such as {@code compression.type=zstd}. */
    public String label() {
        return label;
    }

    /** The codec of this type; stateless, shared by all threads. */
    public Codec codec() {
        return codec;
    }
}
