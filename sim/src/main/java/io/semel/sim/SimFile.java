package io.semel.sim;

import io.semel.kernel.world.DiskFailure;
import io.semel.kernel.world.DiskFile;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An open file of a simulated disk, for the life that opened it. */
final class SimFile implements DiskFile {
    private final SimDisk disk;
    private final String path;
    private final SimNode node;
    private final int life;
    private boolean forceFailed;
    private boolean closed;

    SimFile(SimDisk disk, String path, SimNode node, int life) {
        this.disk = disk;
        this.path = path;
        this.node = node;
        this.life = life;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public void write(ByteBuffer source, long position) {
        checkOpen();
        byte[] data = new byte[source.remaining()];
        long grows = Math.max(0, position + data.length - node.seen.size());
        long usable = disk.usableBytes();
        if (grows > usable) {
            byte[] part = new byte[disk.faults().taken((int) Math.max(0, data.length - (grows - usable)))];
            source.get(part);
            write(part, position);
            throw new DiskFailure(path + ": disk is full after " + part.length + " of " + data.length
                    + " bytes", null, true);
        }
        DiskWatch.Death death = disk.about(DiskWatch.Act.WRITE, path, source);
        source.get(data);
        if (death == DiskWatch.Death.MIDWAY) data = Arrays.copyOf(data, disk.faults().taken(data.length));
        write(data, position);
        disk.done(death);
    }

    private void write(byte[] data, long position) {
        if (data.length == 0) return;
        node.touchedIn = life;
        node.change(new SimNode.Wrote(Math.toIntExact(position), data));
        disk.run().trace().note("write", node.id, position + data.length);
    }

    @Override
    public int read(ByteBuffer target, long position) {
        checkOpen();
        disk.faults().beforeRead(path, position, target.remaining());
        byte[] data = new byte[target.remaining()];
        node.touchedIn = life;
        int length = node.seen.read(Math.toIntExact(position), data);
        target.put(data, 0, length);
        return length;
    }

    @Override
    public long size() {
        checkOpen();
        return node.seen.size();
    }

    @Override
    public void truncate(long size) {
        checkOpen();
        if (size >= node.seen.size()) return;
        DiskWatch.Death death = disk.about(DiskWatch.Act.TRUNCATE, path, null);
        node.change(new SimNode.Resized(Math.toIntExact(size)));
        disk.run().trace().note("truncate", node.id, size);
        disk.done(death);
    }

    @Override
    public void force() {
        checkOpen();
        if (forceFailed) throw new DiskFailure(path
                + ": an earlier force failed, recover the file first (I13)", null);
        DiskWatch.Death death = disk.about(DiskWatch.Act.FORCE, path, null);
        if (disk.faults().forceFails(path)) {
            forceFailed = true;
            disk.settleFile(node);
            disk.run().trace().note("force fails", node.id, 0);
            throw new DiskFailure(path + ": force failed (simulated)", null);
        }
        disk.run().trace().note("force", node.id, node.unforced.size());
        node.forced();
        disk.done(death);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (life != disk.life()) throw new IllegalStateException(path + " was opened in a life that is over");
        disk.living();
        if (closed) throw new IllegalStateException(path + " is closed");
    }
}
