package io.semel.streams.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/** A node above others; {@code firstKeys} tells where each begins. Immutable. */
final class Branch implements Tree {
    private static final int CHILDREN_MAX = 64;
    private final Tree[] children;
    private final byte[][] firstKeys;
    private final long rows;

    private Branch(Tree[] children, byte[][] firstKeys, long rows) {
        this.children = children;
        this.firstKeys = firstKeys;
        this.rows = rows;
    }

    private static Branch of(List<Tree> nodes) {
        Floor floor = new Floor(nodes.size());
        nodes.forEach(floor::add);
        return floor.branch(nodes.stream().mapToLong(Tree::rows).sum());
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
        Floor floor = new Floor(children.length + 4);
        List<Tree> made = new ArrayList<>(2);
        long sum = rows;
        int stayed = 0;
        boolean crumbs = false;
        for (int at = first; at < end;) {
            int child = childOf(changes.keys()[at]);
            int until = child + 1 == children.length ? end : changes.at(firstKeys[child + 1], at + 1, end);
            floor.addAll(this, stayed, child);
            stayed = child + 1;
            made.clear();
            children[child].apply(changes, at, until, made);
            sum -= children[child].rows();
            for (Tree node : made) {
                floor.add(node);
                sum += node.rows();
            }
            crumbs |= made.isEmpty() || made.size() == 1 && Page.isCrumbOf(children[child], made.get(0));
            at = until;
        }
        floor.addAll(this, stayed, children.length);
        if (crumbs || floor.size > CHILDREN_MAX) {
            gather(Page.joined(floor.list()), into);
        } else {
            into.add(floor.branch(sum));
        }
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
            into.add(of(nodes.subList(from, nodes.size() * (part + 1) / parts)));
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

    /** Nodes of one height. Those that stay are not looked at: each look waits for memory. */
    private static final class Floor {
        private Tree[] nodes;
        private byte[][] keys;
        private int size;

        Floor(int room) {
            nodes = new Tree[room];
            keys = new byte[room][];
        }

        void add(Tree node) {
            reserve(1);
            nodes[size] = node;
            keys[size++] = node.firstKey();
        }

        void addAll(Branch of, int from, int to) {
            reserve(to - from);
            System.arraycopy(of.children, from, nodes, size, to - from);
            System.arraycopy(of.firstKeys, from, keys, size, to - from);
            size += to - from;
        }

        List<Tree> list() {
            return Arrays.asList(nodes).subList(0, size);
        }

        Branch branch(long rows) {
            return new Branch(Arrays.copyOf(nodes, size), Arrays.copyOf(keys, size), rows);
        }

        private void reserve(int more) {
            if (size + more > nodes.length) {
                int room = Math.max(size + more, nodes.length * 2);
                nodes = Arrays.copyOf(nodes, room);
                keys = Arrays.copyOf(keys, room);
            }
        }
    }
}
