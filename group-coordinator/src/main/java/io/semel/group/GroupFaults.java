package io.semel.group;

/**
 * Bugs that the simulator plants here and must notice. Immutable; {@link #NONE} everywhere else.
 *
 * @param noMemberFencing     offsets are taken from whoever is no member any more, or of another generation
 *     (I11, KIP-447)
 * @param staleGenerations    offsets are taken from a member in a generation or epoch that is over (KIP-447,
 *     KIP-848)
 * @param noStaticFencing     offsets are taken from whoever had a static member's name before it (KIP-345)
 * @param formerTasks         a streams group takes the offset of a task from whoever does not run it any more
 * @param unstableOffsets     an offset is told though an open transaction may move it (KIP-447)
 */
public record GroupFaults(boolean noMemberFencing, boolean staleGenerations, boolean noStaticFencing,
        boolean formerTasks, boolean unstableOffsets) {
    public static final GroupFaults NONE = new GroupFaults(false, false, false, false, false);
}
