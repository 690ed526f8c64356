package io.semel.kernel.lane;

/** The lanes that own partitions and rooms: a fixed number, chosen at start. Any thread. */
public interface Lanes {
    int count();

    Lane lane(int index);

    /** The lane that owns what hashes to {@code hash}; the same for the life of the process. */
    default Lane owning(int hash) {
        return lane(Math.floorMod(hash * 0x9E3779B9 >>> 8, count()));
    }
}
