package io.semel.log.disk;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;

/** The JDK's mapped buffer; unmapped at once where the JVM lets us, else when the buffer is collected. */
final class JdkMapping implements Mapping {
    private static final MethodHandle CLEANER = cleaner();

    private MappedByteBuffer buffer;

    /** Extends the file to the capacity, sparsely. */
    JdkMapping(FileChannel channel, int capacity) throws IOException {
        this.buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, capacity);
    }

    @Override
    public int getInt(int position) {
        return buffer.getInt(position);
    }

    @Override
    public long getLong(int position) {
        return buffer.getLong(position);
    }

    @Override
    public void putInt(int position, int value) {
        buffer.putInt(position, value);
    }

    @Override
    public void putLong(int position, long value) {
        buffer.putLong(position, value);
    }

    @Override
    public void unmap() {
        MappedByteBuffer mapped = buffer;
        buffer = null;
        if (mapped == null || CLEANER == null) return;
        try {
            CLEANER.invokeExact((ByteBuffer) mapped);
        } catch (Throwable defect) {
            throw new IllegalStateException("a mapped index could not be unmapped", defect);
        }
    }

    private static MethodHandle cleaner() {
        try {
            Class<?> unsafeClass = Class.forName("sun.misc.Unsafe");
            Field instance = unsafeClass.getDeclaredField("theUnsafe");
            instance.setAccessible(true);
            return MethodHandles.lookup()
                    .findVirtual(unsafeClass, "invokeCleaner", MethodType.methodType(void.class,
                            ByteBuffer.class))
                    .bindTo(instance.get(null));
        } catch (ReflectiveOperationException | RuntimeException notHere) {
            return null;
        }
    }
}
