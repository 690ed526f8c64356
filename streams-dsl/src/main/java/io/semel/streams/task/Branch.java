package io.semel.streams.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** A node above others; {@code firstKeys} tells where each begins. Immutable. */
final class Branch implements Tree {
    private static final int CHILDREN_MAX = 64;
    private final Tree[] children;
    private final byte[][] firstKeys;
    private final long rows;

    private Branch(List<Tree> nodes) {
        this.children = nodes.toArray(new Tree[0]);
        this.firstKeys = new byte[children.length][];
        long sum = 0;
        for (int i = 0; i < children.length; i++) {
            firstKeys[i] = children[i].firstKey();
            sum += children[i].rows();
        }
        this.rows = sum;
    }

    /** One node above all of {@code nodes}, with as many floors as it takes. */
    static Tree over(List<Tree> nodes) {
        List<Tree> floor = nodes;
        while (floor.size() > 1) {
            List<Tree> above = new ArrayList<>();
            gather(floor, above);
            floor = above;
        }
        return floor.isEmpty() ? Page.EMPTY : floor.get(0);
    }

    @Override
    public StampedBytes get(byte[] key) {
        return children[childOf(key)].get(key);
    }

    @Override
    public boolean scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
        for (int i = from == null ? 0 : childOf(from); i < children.length; i++) {
            if (to != null && MemoryBase.KEY_ORDER.compare(firstKeys[i], to) >= 0) {
                return false;
            }
            if (!children[i].scan(from, to, visit)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void apply(Changes changes, int first, int end, List<Tree> into) {
        List<Tree> made = new ArrayList<>(children.length + 2);
        int at = first;
        for (int i = 0; i < children.length; i++) {
            int until = i + 1 == children.length ? end : changes.at(firstKeys[i + 1], at, end);
            if (until == at) {
                made.add(children[i]);
            } else {
                children[i].apply(changes, at, until, made);
            }
            at = until;
        }
        gather(Page.joined(made), into);
    }

    void forEach(Consumer<Tree> visit) {
        for (Tree child : children) {
            visit.accept(child);
        }
    }

    @Override
    public byte[] firstKey() {
        return firstKeys[0];
    }

    @Override
    public long rows() {
        return rows;
    }

    private static void gather(List<Tree> nodes, List<Tree> into) {
        int parts = (nodes.size() + CHILDREN_MAX - 1) / CHILDREN_MAX;
        for (int part = 0; part < parts; part++) {
            int from = nodes.size() * part / parts;
            into.add(new Branch(nodes.subList(from, nodes.size() * (part + 1) / parts)));
        }
    }

    private int childOf(byte[] key) {
        int low = 0;
        int high = children.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (MemoryBase.KEY_ORDER.compare(firstKeys[middle], key) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
