package io.semel.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random histories of appends, forces and crashes on a few files, held against a model of what must still be
 * there.
 */
class SimDiskPropertyTest {
    private static final int SEEDS = 400 * Integer.getInteger("semel.scale", 1);

    /**
     * What must be in a file: the forced bytes for certain, the bytes after them as seen until a power cut.
     */
    private static final class Model {
        final List<Byte> seen = new ArrayList<>();
        int forcedSize;
    }

    private final TreeMap<String, Model> models = new TreeMap<>();
    private Dice dice;
    private SimWorld world;
    private int powerCuts;
    private int lossesSeen;

    @Test
    void neverLosesForcedBytesAndMayLoseAnyOthers() {
        for (long seed = 1; seed <= SEEDS; seed++) play(seed);

        assertTrue(lossesSeen > powerCuts / 20, "losses in " + lossesSeen + " of " + powerCuts
                + " power cuts");
    }

    private void play(long seed) {
        models.clear();
        dice = new Dice(seed).fork("test");
        world = new SimWorld(seed, 1);
        for (int step = 0; step < 60; step++) {
            String path = "file-" + dice.below(3);
            switch (dice.below(8)) {
                case 0 -> crash(Survival.KILL, seed);
                case 1 -> crash(Survival.POWER_CUT, seed);
                case 2, 3 -> force(path);
                default -> append(path);
            }
        }
    }

    private void append(String path) {
        DiskFile file = world.disk().open(path);
        Model model = models.computeIfAbsent(path, name -> new Model());
        byte[] bytes = new byte[dice.between(1, 9)];
        for (int index = 0; index < bytes.length; index++) bytes[index] = (byte) dice.between(1, 100);
        file.write(ByteBuffer.wrap(bytes), model.seen.size());
        for (byte value : bytes) model.seen.add(value);
    }

    private void force(String path) {
        Model model = models.get(path);
        if (model == null) return;
        world.disk().open(path).force();
        world.disk().forceDirectory("");
        model.forcedSize = model.seen.size();
    }

    private void crash(Survival survival, long seed) {
        world.crash(survival);
        world = world.reboot();
        if (survival == Survival.POWER_CUT) powerCuts++;
        models.entrySet().removeIf(entry -> !found(entry.getKey(), entry.getValue(), survival, seed));
    }

    /**
     * Compares a file with its model and takes what was found as what is seen from now on. @return false
     * when it is gone
     */
    private boolean found(String path, Model model, Survival survival, long seed) {
        if (!world.disk().exists(path)) {
            assertTrue(survival == Survival.POWER_CUT && model.forcedSize == 0, path + " is gone, seed "
                    + seed);
            return false;
        }
        DiskFile file = world.disk().open(path);
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        file.read(bytes, 0);
        int certain = survival == Survival.KILL ? model.seen.size() : model.forcedSize;
        assertTrue(bytes.capacity() >= certain && bytes.capacity() <= model.seen.size(), path
                + " has a size nobody wrote, seed " + seed);
        for (int at = 0; at < bytes.capacity(); at++) {
            boolean hole = bytes.get(at) == 0 && at >= certain;
            if (!hole) assertEquals(model.seen.get(at), bytes.get(at), path + " at " + at + ", seed " + seed);
        }
        boolean lost = bytes.capacity() < model.seen.size();
        if (lost) lossesSeen++;
        model.seen.clear();
        for (byte value : bytes.array()) model.seen.add(value);
        if (survival == Survival.POWER_CUT) model.forcedSize = model.seen.size();
        return true;
    }
}
