package io.semel.streams.dsl;

import io.semel.streams.topology.Recovery;
import io.semel.streams.topology.Step;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** The steps that tables of every kind share: they act on what was and on what is. Stateless. */
final class Changes {
    private Changes() {
    }

    static <V, R> Step map(Function<? super V, ? extends R> fn) {
        return (rec, out) -> {
            R old = rec.hasOld() ? fn.apply(rec.old()) : null;
            out.forward(rec.change(old, rec.hasValue() ? fn.apply(rec.value()) : null));
        };
    }

    /** Tells a removal only of what was told before, if that is known. */
    static <K, V> Step filter(BiPredicate<? super K, ? super V> keep) {
        return (rec, out) -> {
            V old = rec.old();
            V now = rec.value();
            V oldKept = old != null && keep.test(rec.key(), old) ? old : null;
            V nowKept = now != null && keep.test(rec.key(), now) ? now : null;
            if (oldKept != null || nowKept != null) {
                out.forward(rec.change(oldKept, nowKept));
            }
        };
    }

    /** Of the changes a transaction makes to a key only the newest goes on. */
    static Step latest() {
        return (rec, out) -> out.hold(rec);
    }

    static Recovery recovery(Retry retry, Dlq dlq) {
        return new Recovery(retry.times(), dlq.topic());
    }
}
