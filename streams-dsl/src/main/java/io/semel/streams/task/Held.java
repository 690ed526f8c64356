package io.semel.streams.task;

import io.semel.streams.topology.Rec;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The changes of a table that one step holds back while a transaction is open: the newest of each key, with
 * what was before the first as its old value, in the order in which they came last, so that they go on in the
 * order of time if they came so. A change from nothing to nothing is none. Keys are one if they are equal;
 * arrays, if their bytes are. Owned by the task's thread.
 */
final class Held implements Undo.Layer {
    private final Undo undo;
    private final Map<Object, Rec> changes = new LinkedHashMap<>();

    Held(Undo undo) {
        this.undo = undo;
    }

    void put(Rec rec) {
        Object key = keyOf(rec.key());
        Rec before = changes.remove(key);
        Rec whole = before == null ? rec : rec.change(before.old(), rec.value());
        if (whole.hasOld() || whole.hasValue()) {
            changes.put(key, whole);
        }
        undo.put(this, key, before);
    }

    Rec of(Object key) {
        return changes.get(keyOf(key));
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Takes out the one that came first; null if none is left. */
    Rec poll() {
        Iterator<Rec> first = changes.values().iterator();
        if (!first.hasNext()) {
            return null;
        }
        Rec rec = first.next();
        first.remove();
        return rec;
    }

    void clear() {
        changes.clear();
    }

    @Override
    public void restore(Object key, Object before) {
        if (before == null) {
            changes.remove(key);
        } else {
            changes.put(key, (Rec) before);
        }
    }

    private static Object keyOf(Object key) {
        return key instanceof byte[] bytes ? new RowKey(bytes) : key;
    }
}
