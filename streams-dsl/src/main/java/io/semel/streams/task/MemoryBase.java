package io.semel.streams.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * The default base store: an ordered tree of packed pages on the heap. Pages are never changed, so that a
 * view costs nothing, is read by any thread, and can be written to disk while the store moves on. Owned by
 * the task's thread.
 */
public final class MemoryBase implements StoreBase {
    /** Keys in the order in which Kafka's own tools and other stores sort them. */
    public static final Comparator<byte[]> KEY_ORDER = Arrays::compareUnsigned;

    private View now = new View(Page.EMPTY, 0);

    /** A store at one position of its log. Immutable. */
    public static final class View implements StoreView {
        private final Tree root;
        private final long position;

        private View(Tree root, long position) {
            this.root = root;
            this.position = position;
        }

        @Override
        public StampedBytes get(byte[] key) {
            return root.get(key);
        }

        @Override
        public void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
            if (from == null || to == null || KEY_ORDER.compare(from, to) < 0) {
                root.scan(from, to, visit);
            }
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long size() {
            return root.rows();
        }

        /** Gives every page in key order: its packed rows, not to be changed, and their number. */
        public void pages(BiConsumer<byte[], Integer> into) {
            pages(root, into);
        }

        private static void pages(Tree node, BiConsumer<byte[], Integer> into) {
            if (node instanceof Page page) {
                into.accept(page.bytes(), page.count());
            } else if (node instanceof Branch branch) {
                branch.forEach(child -> pages(child, into));
            }
        }
    }

    /** Puts a store together again from the pages of a view, in the same order. One thread. */
    public static final class Loading {
        private final List<Tree> pages = new ArrayList<>();

        /** Takes a page; throws {@link IllegalArgumentException} if it is not one, or not behind the last. */
        public void page(byte[] rows, int count) {
            Page page = new Page(rows, count);
            Tree last = pages.isEmpty() ? null : pages.get(pages.size() - 1);
            if (last != null && KEY_ORDER.compare(last.firstKey(), page.firstKey()) >= 0) {
                throw new IllegalArgumentException("pages are not in order");
            }
            pages.add(page);
        }

        /** The store that has these rows at {@code position}. */
        public void into(MemoryBase base, long position) {
            base.now = new View(Branch.over(pages), position);
        }
    }

    @Override
    public StampedBytes get(byte[] key) {
        return now.get(key);
    }

    @Override
    public void scan(byte[] from, byte[] to, BiPredicate<byte[], StampedBytes> visit) {
        now.scan(from, to, visit);
    }

    @Override
    public void apply(NavigableMap<byte[], StampedBytes> changes, long newPosition) {
        if (newPosition < now.position) {
            throw new IllegalStateException(
                    "store position would fall from " + now.position + " to " + newPosition);
        }
        Tree root = now.root;
        if (!changes.isEmpty()) {
            List<Tree> made = new ArrayList<>();
            root.apply(new Tree.Changes(changes.keySet().toArray(new byte[0][]),
                    changes.values().toArray(new StampedBytes[0])), 0, changes.size(), made);
            root = Branch.over(made);
        }
        now = new View(root, newPosition);
    }

    @Override
    public long position() {
        return now.position;
    }

    @Override
    public long size() {
        return now.size();
    }

    @Override
    public void clear() {
        now = new View(Page.EMPTY, 0);
    }

    @Override
    public View view() {
        return now;
    }

    /** The rows of {@code map} between two keys, either of which may be absent; none if they cross. */
    static <V> NavigableMap<byte[], V> part(NavigableMap<byte[], V> map, byte[] from, byte[] to) {
        if (from != null && to != null && KEY_ORDER.compare(from, to) >= 0) {
            return map.subMap(from, true, from, false);
        }
        NavigableMap<byte[], V> tail = from == null ? map : map.tailMap(from, true);
        return to == null ? tail : tail.headMap(to, false);
    }
}
