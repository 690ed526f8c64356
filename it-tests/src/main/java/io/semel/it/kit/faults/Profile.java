package io.semel.it.kit.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * How rough the weather of a random plan is: the chance, per call and from 0 to 1, of each fault. Immutable.
 *
 * @param apis     the APIs that are struck at all
 * @param delayMax longest delay, of the request or of its reply
 */
public record Profile(Set<ApiKeys> apis, double dropReply, double disconnect, double reset, double duplicate,
        double delay, Duration delayMax) {
    private static final Set<ApiKeys> STATEFUL = Collections.unmodifiableSet(EnumSet.of(ApiKeys.PRODUCE,
            ApiKeys.INIT_PRODUCER_ID, ApiKeys.ADD_PARTITIONS_TO_TXN, ApiKeys.ADD_OFFSETS_TO_TXN,
            ApiKeys.TXN_OFFSET_COMMIT, ApiKeys.END_TXN, ApiKeys.OFFSET_COMMIT));

    /**
     * What changes something in the broker is struck in one of five calls; connections break, nothing is
     * torn.
     */
    public static final Profile ROUGH =
            new Profile(STATEFUL, 0.05, 0.05, 0.02, 0.05, 0.05, Duration.ofMillis(50));
    /** Only delays. */
    public static final Profile SLOW = new Profile(STATEFUL, 0, 0, 0, 0, 0.3, Duration.ofMillis(100));

    public Profile {
        double most = dropReply + disconnect + reset + duplicate + delay;
        if (apis.isEmpty() || most > 1 || Math.min(Math.min(dropReply, disconnect), Math.min(reset,
                Math.min(duplicate, delay))) < 0) {
            throw new IllegalArgumentException("chances are from 0 to 1, 1 altogether, for at least one API");
        }
        apis = Collections.unmodifiableSet(EnumSet.copyOf(apis));
    }

    /** The same chances for other APIs. */
    public Profile of(ApiKeys... others) {
        return new Profile(EnumSet.copyOf(Arrays.asList(others)), dropReply, disconnect, reset, duplicate,
                delay, delayMax);
    }

    /** Null for nothing. Losing replies is for after, losing requests for before; both may be slow. */
    Action draw(SplittableRandom random, Moment moment) {
        double lot = random.nextDouble();
        boolean before = moment == Moment.BEFORE_REQUEST;
        double lost = before ? disconnect : dropReply;
        if (lot < lost) return new Action.HangUp(false);
        lot -= lost;
        if (before && lot < reset) return new Action.HangUp(true);
        if (before) lot -= reset;
        if (lot >= 0 && lot < duplicate / 2) return new Action.Duplicate();
        lot -= duplicate / 2;
        long delayMs = delayMax.toMillis();
        boolean late = lot >= 0 && lot < delay / 2 && delayMs > 0;
        return late ? new Action.Delay(1 + random.nextLong(delayMs)) : null;
    }
}
