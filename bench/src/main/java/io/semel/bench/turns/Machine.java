package io.semel.bench.turns;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What the machine can do at all, measured in the same run. Immutable.
 *
 * @param forceUs   one append of 512 bytes and its force, median
 * @param writeMbs  megabytes a second written one after the other, forced at the end
 * @param socketMbs megabytes a second through a TCP connection of the loopback interface
 * @param crcMbs    megabytes a second of CRC-32C, one thread
 */
public record Machine(double forceUs, double writeMbs, double socketMbs, double crcMbs) {
    private static final int FORCES = 300;
    private static final int FORCED_BYTES = 512;
    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 256;

    /** Takes a few seconds. @param directory for a file that is removed again */
    public static Machine measure(Path directory) {
        try {
            return new Machine(force(directory.resolve("probe-force")),
                    write(directory.resolve("probe-write")), socket(), crc());
        } catch (IOException failure) {
            throw new IllegalStateException("cannot measure the machine: " + failure, failure);
        }
    }

    private static FileChannel file(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static double force(Path file) throws IOException {
        long[] times = new long[FORCES];
        try (FileChannel channel = file(file)) {
            for (int round = 0; round < FORCES; round++) {
                long begun = System.nanoTime();
                channel.write(ByteBuffer.allocate(FORCED_BYTES), (long) round * FORCED_BYTES);
                channel.force(false);
                times[round] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(times);
        return times[FORCES / 2] / 1e3;
    }

    private static double write(Path file) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        try (FileChannel channel = file(file)) {
            long begun = System.nanoTime();
            for (int number = 0; number < BLOCKS; number++) {
                channel.write(block.clear(), (long) number * BLOCK);
            }
            channel.force(false);
            return megabytesPerSecond(begun);
        }
    }

    private static double socket() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket from = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket to = server.accept()) {
            Thread sender = new Thread(() -> send(from), "probe");
            long begun = System.nanoTime();
            sender.start();
            InputStream in = to.getInputStream();
            byte[] block = new byte[BLOCK];
            for (long left = (long) BLOCKS * BLOCK; left > 0;) {
                int read = in.read(block);
                if (read < 0) throw new IOException("the probe's connection ended");
                left -= read;
            }
            return megabytesPerSecond(begun);
        }
    }

    private static void send(Socket socket) {
        byte[] block = new byte[BLOCK];
        try {
            OutputStream out = socket.getOutputStream();
            for (int number = 0; number < BLOCKS; number++) out.write(block);
        } catch (IOException ended) {
            throw new IllegalStateException(ended);
        }
    }

    private static double crc() {
        byte[] block = new byte[BLOCK];
        CRC32C crc = new CRC32C();
        for (int number = 0; number < BLOCKS; number++) crc.update(block);
        long begun = System.nanoTime();
        for (int number = 0; number < BLOCKS; number++) crc.update(block);
        return megabytesPerSecond(begun);
    }

    private static double megabytesPerSecond(long begunNs) {
        return (double) BLOCK * BLOCKS / 1e6 / ((System.nanoTime() - begunNs) / 1e9);
    }
}
