package io.semel.it.sim;

import io.semel.broker.catalogue.Catalogue;
import io.semel.sim.Dice;
import io.semel.sim.Rot;
import io.semel.sim.SimDisk;
import io.semel.sim.SimRun;
import io.semel.sim.SimWorld;
import io.semel.sim.Survival;
import io.semel.wire.error.ErrorCode;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk that decays. Bits turn where the disk is the only one who knows: in logs, and in the few files that
 * no log tells again; somebody puts them back from a copy after a while, and nothing may be missing then.
 * Sectors cannot be read for a while. Bits turn for good in files that are made from the logs, and nobody may
 * notice. Between a strike and its end partitions may be refused, and batches that are damaged; what such a
 * thing has closed is opened by the next start. One strike stands at a time. One thread.
 */
final class Decay {
    private static final List<String> TOPICS = List.of(Clients.TOPIC, Catalogue.TRANSACTION_STATE,
            Catalogue.CONSUMER_OFFSETS, Catalogue.CATALOGUE);
    private static final int BITS_MAX = 3;

    /** A batch that was damaged, until its bits were put back. */
    private static final class Damaged {
        private final RotPlaces.InLog place;
        private long mendedMs = Long.MAX_VALUE;

        private Damaged(RotPlaces.InLog place) {
            this.place = place;
        }
    }

    private final SimRun run;
    private final BrokerNode node;
    private final Dice dice;
    private final Runnable reads;
    private final RotPlaces places;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final List<Rot> rots = new ArrayList<>();
    private final List<Damaged> damaged = new ArrayList<>();
    private final TreeSet<String> snapshotsStruck = new TreeSet<>();
    private final Map<String, Long> met = new TreeMap<>();
    private int toCome;
    private boolean standing;

    /**
     * @param compacts the topic
     * @param reads    lets somebody read the topic from its beginning
     */
    Decay(SimRun run, BrokerNode node, Dice dice, boolean compacts, Runnable reads) {
        this.run = run;
        this.node = node;
        this.dice = dice;
        this.reads = reads;
        this.places = new RotPlaces(disk(), dice, compacts);
        this.toCome = dice.between(1, 4);
    }

    /** Until it has struck its last; of the topic and the coordinators there are so many partitions. */
    void start(int spanMs, int count, int internal) {
        partitions.add(new TopicPartition(Rebirths.TOPIC, 0));
        partitions.add(new TopicPartition(Enlisting.INPUT_TOPIC, 0));
        for (int index = 0; index < count; index++) partitions.add(new TopicPartition(Clients.TOPIC, index));
        for (int index = 0; index < internal; index++) {
            partitions.add(new TopicPartition(Catalogue.TRANSACTION_STATE, index));
            partitions.add(new TopicPartition(Catalogue.CONSUMER_OFFSETS, index));
        }
        later(spanMs);
    }

    boolean done() {
        return toCome == 0 && !standing;
    }

    /** Something is damaged or unreadable, or was when the broker's life began. */
    boolean standing() {
        return standing;
    }

    /** How often which kind struck. */
    Map<String, Long> met() {
        return met;
    }

    private SimDisk disk() {
        return node.world().simDisk();
    }

    private void later(int spanMs) {
        if (toCome == 0) return;
        run.after(dice.between(1, spanMs), "decay", () -> {
            toCome--;
            strike();
            if (!standing) later(spanMs);
            else run.after(dice.between(10, 200), "decay ends", () -> end(spanMs));
        });
    }

    private void strike() {
        int kind = dice.below(100);
        if (kind < 45) rotLog();
        else if (kind < 55) rotOriginal();
        else if (kind < 80) rotDerived();
        else failReads();
    }

    private void rotLog() {
        RotPlaces.InLog place = places.inLog(TOPICS);
        if (place == null) return;
        int first = dice.below(8);
        for (int count = dice.between(1, BITS_MAX); count > 0; count--) {
            rots.add(disk().rotAtRest(place.path(), place.position(), (first + count) % 8));
        }
        damaged.add(new Damaged(place));
        if (place.directory().startsWith(Clients.TOPIC + "-")) reads.run();
        if (dice.percent(60)) node.cutPower(dice.below(20));
        stands("rot of a log");
        run.trace().note("rot of " + place, 0, 0);
    }

    private void rotOriginal() {
        RotPlaces.InFile place = places.original();
        if (place == null) return;
        rots.add(disk().rotAtRest(place.path(), place.position(), dice.below(8)));
        stands("rot of a checkpoint");
        run.trace().note("rot of " + place, 0, 0);
    }

    private void stands(String what) {
        standing = true;
        met.merge(what, 1L, Long::sum);
    }

    /** Of two snapshots one must be left: they alone know the producers below a start. */
    private void rotDerived() {
        RotPlaces.InFile place = places.derived();
        if (place == null) return;
        String path = place.path();
        String directory = path.substring(0, path.indexOf('/'));
        if (path.endsWith(".snapshot") && !snapshotsStruck.add(directory)) return;
        disk().rotAtRest(path, place.position(), dice.below(8));
        met.merge("rot of what a log tells", 1L, Long::sum);
        run.trace().note("rot of " + place, 0, 0);
    }

    private void failReads() {
        RotPlaces.InFile place = places.badSector();
        if (place == null) return;
        int first = place.position() & -512;
        disk().faults().failReads(place.path(), first, dice.percent(50) ? first + 512 : Long.MAX_VALUE);
        stands("reads fail");
        run.trace().note("reads fail of " + place, 0, 0);
    }

    /** Who was refused meanwhile is served again by the next life, and by this one if nobody was. */
    private void end(int spanMs) {
        rots.forEach(Rot::mend);
        rots.clear();
        disk().faults().readAgain();
        for (Damaged one : damaged) one.mendedMs = Math.min(one.mendedMs, run.nowMs());
        run.trace().note("decay ends", toCome, 0);
        if (node.serves()) {
            look(spanMs);
            return;
        }
        if (node.alive()) startAgain();
        over(spanMs);
    }

    private void look(int spanMs) {
        SimWorld world = node.world();
        int[] unanswered = {partitions.size()};
        boolean[] hurt = new boolean[1];
        for (TopicPartition partition : partitions) {
            node.broker().rooms().ask(partition, open -> {
                unanswered[0]--;
                hurt[0] |= open.offline();
            }, refused -> {
                unanswered[0]--;
                hurt[0] |= refused == ErrorCode.KAFKA_STORAGE_ERROR;
            });
        }
        await(spanMs, world, unanswered, hurt);
    }

    private void await(int spanMs, SimWorld world, int[] unanswered, boolean[] hurt) {
        run.after(dice.between(1, 10), "is anything closed", () -> {
            boolean same = world == node.world() && node.serves();
            if (same && unanswered[0] > 0) {
                await(spanMs, world, unanswered, hurt);
                return;
            }
            if (same && hurt[0]) startAgain();
            over(spanMs);
        });
    }

    private void startAgain() {
        if (node.serves() && dice.percent(50)) {
            node.restart(dice);
            return;
        }
        node.crash(dice.percent(50) ? Survival.POWER_CUT : Survival.KILL);
        run.after(dice.below(30), "boot", node::boot);
    }

    private void over(int spanMs) {
        standing = false;
        later(spanMs);
    }

    /**
     * Behind the damaged batch that holds this offset, for a reader who asked at that time; -1 where there is
     * none.
     */
    long behindDamage(int partition, long offset, long askedMs) {
        for (RotPlaces.InLog place : damagedThen(partition, askedMs)) {
            if (offset >= place.first() && offset < place.next()) return place.next();
        }
        return -1;
    }

    /**
     * Whether a reader may be told that there is damage at this offset. Only the header tells where the next
     * batch is: when it is damaged, the rest of the segment may be missing as well.
     */
    boolean mayBeDamaged(int partition, long offset, long askedMs) {
        for (RotPlaces.InLog place : damagedThen(partition, askedMs)) {
            if (offset >= place.doubtful() && (place.inHeader() || offset < place.next())) return true;
        }
        return false;
    }

    private List<RotPlaces.InLog> damagedThen(int partition, long askedMs) {
        String directory = Clients.TOPIC + "-" + partition;
        return damaged.stream().filter(one -> one.place.directory().equals(directory)
                && one.mendedMs >= askedMs).map(one -> one.place).toList();
    }
}
