package io.semel.log;

import java.util.function.IntToLongFunction;

/** Search among numbered slots whose values rise from one to the next. */
final class Slots {
    private Slots() {
    }

    /** The last of {@code count} slots whose value is not above {@code bound}, -1 when there is none. */
    static int floor(int count, IntToLongFunction valueOf, long bound) {
        int low = -1;
        int high = count - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (valueOf.applyAsLong(middle) <= bound) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
