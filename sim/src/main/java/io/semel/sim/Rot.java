package io.semel.sim;

/** One bit of a file that has turned on the simulated disk, until {@link #mend}. One thread. */
public final class Rot {
    private final SimNode node;
    private final int position;
    private final int mask;
    private final int wrong;

    /** @param seen whether readers see it at once */
    Rot(SimNode node, int position, int bit, boolean seen) {
        this.node = node;
        this.position = position;
        this.mask = 1 << bit;
        this.wrong = ~node.seen.get(position) & mask;
        if (position < node.kept.size()) turn(node.kept, true);
        if (seen) turn(node.seen, true);
    }

    /**
     * The bit is what it was, as if the file had been restored from a copy, whatever its name is now. Only
     * where nobody has written other bytes since.
     */
    public void mend() {
        turn(node.seen, false);
        turn(node.kept, false);
        for (SimNode.Change change : node.unforced) {
            if (change instanceof SimNode.Wrote wrote) mend(wrote);
        }
    }

    private void mend(SimNode.Wrote wrote) {
        int index = position - wrote.position();
        if (index < 0 || index >= wrote.data().length || (wrote.data()[index] & mask) != wrong) return;
        wrote.data()[index] ^= (byte) mask;
    }

    private void turn(SimBytes bytes, boolean toWrong) {
        if (position >= bytes.size()) return;
        boolean isWrong = (bytes.get(position) & mask) == wrong;
        if (isWrong != toWrong) bytes.set(position, (byte) (bytes.get(position) ^ mask));
    }
}
