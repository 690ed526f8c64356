package io.semel.sim;

import io.semel.kernel.world.Disk;
import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import io.semel.kernel.world.IndexBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk in memory that keeps only what it must. One thread. What it promises, and so what may rest on it:
 * <ul>
 * <li>A force makes durable what was written to that file before it, and nothing else: not the file's
 * name.</li>
 * <li>A name that was created, moved or deleted is durable once its directory was forced (a move: both
 * directories). Until then
 *     a power cut keeps it or not: all up to a point in time, or any of them, a later change of an entry
 * never without an earlier.</li>
 * <li>At a power cut each write not forced survives whole, is lost, is torn at a byte, or leaves zeros of
 * its length (the length
 *     reached the disk, the bytes did not); a later one may survive where an earlier is lost, in one file as
 * between files.</li>
 * <li>An index is never forced. A power cut leaves any of its 512-byte sectors as they were when it was last
 * trimmed, as they are,
 *     or zero, or cuts it anywhere. What {@link IndexBytes#trim} wrote back is durable.</li>
 * <li>kill -9 loses nothing, and makes nothing durable.</li>
 * <li>A force that fails decides then and there, unseen, what of the unforced bytes reached the disk.
 * Readers go on seeing all of
 *     them, forces through a file opened later succeed and do not bring them back (as Linux does); the open
 * file itself refuses
 *     every later force (I13).</li>
 * <li>A full disk takes a part of a write and refuses the rest.</li>
 * </ul>
 */
public final class SimDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    private final SimRun run;
    private final Dice dice;
    private final DiskFaults faults;
    private final SimNode root = new SimNode(0, true);
    private final List<NameChange> pendingNames = new ArrayList<>();
    private DiskWatch watch;
    private Runnable burial;
    private boolean dead;
    private int life = 1;
    private long nextId = 1;

    SimDisk(SimRun run) {
        this.run = run;
        this.dice = run.dice("disk");
        this.faults = new DiskFaults(run.dice("disk faults"));
    }

    /** Faults to set: a full disk, failing forces and reads. */
    public DiskFaults faults() {
        return faults;
    }

    /**
     * From now on {@code watch} is asked before each act; null for nobody. The life in which the process dies
     * of one ends at once, and {@code burial} has to end it as {@link SimWorld#crash} does, within the same
     * step. Only while the run steps.
     */
    public void watch(DiskWatch watch, Runnable burial) {
        this.watch = watch;
        this.burial = burial;
    }

    @Override
    public DiskFile open(String path) {
        living();
        SimNode node = openNode(path);
        if (node.index) node.becomeFile();
        return new SimFile(this, path, node, life);
    }

    @Override
    public IndexBytes openIndex(String path, int capacityBytes) {
        living();
        SimNode node = openNode(path);
        int sizeAtOpen = Math.min(node.seen.size(), capacityBytes);
        node.unforced.clear();
        node.index = true;
        node.mapped |= capacityBytes > node.seen.size();
        node.seen.resize(Math.max(node.seen.size(), capacityBytes));
        return new SimIndex(this, path, node, sizeAtOpen, capacityBytes, life);
    }

    @Override
    public boolean exists(String path) {
        return find(path) != null;
    }

    @Override
    public long sizeOf(String path) {
        SimNode node = find(path);
        return node == null || node.directory ? 0 : node.seen.size();
    }

    @Override
    public List<String> list(String directory) {
        SimNode node = find(directory);
        return node == null ? List.of() : new ArrayList<>(node.seenNames.keySet());
    }

    @Override
    public boolean isDirectory(String path) {
        SimNode node = find(path);
        return node != null && node.directory;
    }

    @Override
    public void createDirectories(String path) {
        SimNode at = root;
        for (String name : names(path)) {
            SimNode next = at.seenNames.get(name);
            if (next == null) next = create(at, name, true);
            if (!next.directory) throw new DiskFailure(path + ": " + name + " is a file, not a directory",
                    null);
            at = next;
        }
    }

    @Override
    public void delete(String path) {
        SimNode node = find(path);
        if (node == null) return;
        if (node.directory && !node.seenNames.isEmpty()) throw new DiskFailure(path
                + ": directory is not empty", null);
        SimNode parent = parent(path);
        DiskWatch.Death death = about(DiskWatch.Act.DELETE, path, null);
        parent.seenNames.remove(name(path));
        pendingNames.add(NameChange.deleted(parent, name(path)));
        run.trace().note("delete", path.hashCode(), node.id);
        done(death);
    }

    @Override
    public void rename(String from, String to) {
        SimNode node = find(from);
        if (node == null) throw new DiskFailure(from + ": cannot be renamed to " + to
                + ", it does not exist", null);
        SimNode replaced = find(to);
        if (replaced != null && (replaced.directory || node.directory)) {
            throw new DiskFailure(from + ": cannot be renamed to " + to + ", which is there", null);
        }
        SimNode fromParent = parent(from);
        SimNode toParent = parent(to);
        DiskWatch.Death death = about(DiskWatch.Act.RENAME, to, null);
        fromParent.seenNames.remove(name(from));
        toParent.seenNames.put(name(to), node);
        pendingNames.add(NameChange.moved(fromParent, name(from), toParent, name(to), node));
        run.trace().note("rename", to.hashCode(), node.id);
        done(death);
    }

    @Override
    public void forceDirectory(String directory) {
        SimNode node = find(directory);
        if (node == null || !node.directory) throw new DiskFailure(directory
                + ": no such directory to force", null);
        DiskWatch.Death death = about(DiskWatch.Act.FORCE_DIRECTORY, directory, null);
        faults.beforeForce(directory);
        for (NameChange change : List.copyOf(pendingNames)) {
            if (change.touches(node) && change.forcedWith(node)) keepWithEarlier(change);
        }
        done(death);
    }

    @Override
    public long usableBytes() {
        return Math.max(0, faults.capacityBytes() - usedBytes(root));
    }

    @Override
    public long totalBytes() {
        return faults.capacityBytes();
    }

    @Override
    public String place() {
        return "simulated";
    }

    /** Bytes in files, indexes not counted. */
    public long usedBytes() {
        return usedBytes(root);
    }

    /** Flips one bit of a file where it lies, seen and kept: rot that no crash and no force undoes. */
    public Rot rot(String path, int position, int bit) {
        return turn(path, position, bit, true);
    }

    /**
     * As {@link #rot}, under the page cache: who has read or written the file in this life goes on seeing
     * what was there, until the power goes.
     */
    public Rot rotAtRest(String path, int position, int bit) {
        return turn(path, position, bit, find(path).touchedIn != life);
    }

    private Rot turn(String path, int position, int bit, boolean seen) {
        SimNode node = find(path);
        if (position >= node.seen.size()) throw new IllegalArgumentException(path + " ends before "
                + position);
        run.trace().note("bit rot", path.hashCode(), position);
        return new Rot(node, position, bit, seen);
    }

    /** What a file is found to hold when everything not forced is lost; empty when it is not there. */
    public byte[] forcedBytesOf(String path) {
        SimNode node = find(path);
        byte[] bytes = new byte[node == null ? 0 : node.kept.size()];
        if (node != null) node.kept.read(0, bytes);
        return bytes;
    }

    /** Paths of all files, sorted by directory, for a nemesis to pick from. */
    public List<String> files() {
        List<String> paths = new ArrayList<>();
        collect(root, "", paths);
        return paths;
    }

    void crash(Survival survival) {
        life++;
        dead = false;
        faults.newLife();
        if (survival == Survival.KILL) return;
        keepSomeNames();
        settle(root);
    }

    int life() {
        return life;
    }

    /** Asks the watch, and dies here if it says so. @return what is left to be said to {@link #done} */
    DiskWatch.Death about(DiskWatch.Act act, String path, ByteBuffer data) {
        living();
        if (watch == null) return DiskWatch.Death.NOT;
        DiskWatch.Death death = watch.about(act, path, data == null ? null : data.duplicate());
        boolean now = death == DiskWatch.Death.BEFORE || death == DiskWatch.Death.MIDWAY && data == null;
        if (now) die();
        return death;
    }

    /** The act is done. */
    void done(DiskWatch.Death death) {
        if (death != DiskWatch.Death.NOT) die();
    }

    /** Whatever a dead process still runs on its way out has no effect. */
    void living() {
        if (dead) throw new ProcessDied(burial);
    }

    private void die() {
        dead = true;
        throw new ProcessDied(burial);
    }

    Dice dice() {
        return dice;
    }

    SimRun run() {
        return run;
    }

    private void keepSomeNames() {
        boolean inOrder = dice.percent(50);
        int keptCount = dice.below(pendingNames.size() + 1);
        List<NameChange> kept = new ArrayList<>();
        for (int index = 0; index < pendingNames.size(); index++) {
            if (inOrder ? index < keptCount : dice.percent(50)) kept.add(pendingNames.get(index));
        }
        for (NameChange change : kept) if (pendingNames.contains(change)) keepWithEarlier(change);
        pendingNames.clear();
    }

    private void keepWithEarlier(NameChange change) {
        for (NameChange earlier : List.copyOf(pendingNames)) {
            if (earlier == change) break;
            if (pendingNames.contains(earlier) && change.sharesAnEntryWith(earlier)) keepWithEarlier(earlier);
        }
        pendingNames.remove(change);
        change.keep();
    }

    private void settle(SimNode directory) {
        directory.seenNames.clear();
        directory.seenNames.putAll(directory.keptNames);
        for (SimNode node : directory.seenNames.values()) {
            if (node.directory) {
                settle(node);
            } else if (node.index) {
                settleIndex(node);
            } else {
                settleFile(node);
                node.seen.copyFrom(node.kept);
            }
        }
    }

    /** Decides what of a file's unforced changes reached the disk. */
    void settleFile(SimNode node) {
        int mood = dice.below(4);
        int keptCount = dice.below(node.unforced.size() + 1);
        for (int index = 0; index < node.unforced.size(); index++) {
            SimNode.Change change = node.unforced.get(index);
            switch (mood) {
                case 0 -> { }
                case 1 -> change.applyTo(node.kept);
                case 2 -> {
                    if (index < keptCount) change.applyTo(node.kept);
                    else if (index == keptCount) settleChange(change, node.kept);
                }
                default -> settleChange(change, node.kept);
            }
        }
        node.unforced.clear();
    }

    private void settleChange(SimNode.Change change, SimBytes kept) {
        int fate = dice.below(4);
        if (fate == 0) return;
        if (fate == 1 || !(change instanceof SimNode.Wrote wrote)) change.applyTo(kept);
        else if (fate == 2) wrote.tornTo(kept, dice.below(wrote.data().length + 1));
        else wrote.hollowTo(kept);
    }

    private void settleIndex(SimNode node) {
        int mood = node.mapped ? dice.below(4) : 0;
        node.mapped = false;
        if (mood == 1) node.kept.copyFrom(node.seen);
        if (mood >= 2) node.kept.resize(Math.max(node.kept.size(), node.seen.size()));
        if (mood == 2) node.kept.resize(dice.below(node.kept.size() + 1));
        if (mood == 3) {
            for (int start = 0; start < node.kept.size(); start += SECTOR_BYTES) settleSector(node, start);
        }
        node.seen.copyFrom(node.kept);
    }

    private void settleSector(SimNode node, int start) {
        int fate = dice.below(3);
        for (int at = start; at < Math.min(start + SECTOR_BYTES, node.kept.size()); at++) {
            if (fate == 1) node.kept.set(at, node.seen.get(at));
            if (fate == 2) node.kept.set(at, (byte) 0);
        }
    }

    private SimNode openNode(String path) {
        SimNode parent = parent(path);
        SimNode node = parent.seenNames.get(name(path));
        if (node == null) node = create(parent, name(path), false);
        if (node.directory) throw new DiskFailure(path + ": is a directory", null);
        return node;
    }

    private SimNode create(SimNode parent, String name, boolean directory) {
        DiskWatch.Death death = about(DiskWatch.Act.CREATE, name, null);
        SimNode node = new SimNode(nextId++, directory);
        parent.seenNames.put(name, node);
        pendingNames.add(NameChange.created(parent, name, node));
        run.trace().note("create", name.hashCode(), node.id);
        done(death);
        return node;
    }

    private SimNode find(String path) {
        SimNode at = root;
        for (String name : names(path)) {
            at = at.seenNames.get(name);
            if (at == null) return null;
        }
        return at;
    }

    private SimNode parent(String path) {
        int slash = path.lastIndexOf('/');
        SimNode parent = slash < 0 ? root : find(path.substring(0, slash));
        if (parent == null || !parent.directory) throw new DiskFailure(path
                + ": its directory does not exist", null);
        return parent;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static List<String> names(String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/")) if (!name.isEmpty() && !name.equals(".")) names.add(name);
        return names;
    }

    private static long usedBytes(SimNode directory) {
        long used = 0;
        for (SimNode node : directory.seenNames.values()) {
            if (node.directory) used += usedBytes(node);
            else if (!node.index) used += node.seen.size();
        }
        return used;
    }

    private static void collect(SimNode directory, String prefix, List<String> paths) {
        directory.seenNames.forEach((name, node) -> {
            if (node.directory) collect(node, prefix + name + "/", paths);
            else paths.add(prefix + name);
        });
    }
}
