package io.semel.wire.message;

import io.semel.wire.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Bytes of a message drawn along its published schema, so that they owe nothing to the classes under test.
 * Either all fields at random, or all as small as can be but for one array that is as long as wanted.
 */
final class Drawing {
    private final Random random;
    private final int denseArray;
    private final int elements;
    private int arraysSeen;
    private ByteBuffer out;

    private Drawing(Random random, int denseArray, int elements, int capacity) {
        this.random = random;
        this.denseArray = denseArray;
        this.elements = elements;
        this.out = ByteBuffer.allocate(capacity);
    }

    static ByteBuffer random(Schema schema, Random random) {
        Drawing drawing = new Drawing(random, -1, 0, 1 << 15);
        drawing.type(schema);
        return drawing.out.flip();
    }

    /** @param array which array, counted as they are met; null when the message has fewer */
    static ByteBuffer dense(Schema schema, int array, int elements) {
        Drawing drawing = new Drawing(null, array, elements, 64 * elements + 4096);
        drawing.type(schema);
        return drawing.arraysSeen <= array ? null : drawing.out.flip();
    }

    private boolean draws(int oneIn) {
        return random != null && random.nextInt(oneIn) == 0;
    }

    private void type(Type type) {
        if (type instanceof Schema schema) struct(schema);
        else if (type instanceof TaggedFields tagged) tagged(tagged);
        else if (type.isArray()) array(type, type.toString().startsWith("COMPACT"));
        else primitive(((Type.DocumentedType) type).typeName());
    }

    private void struct(Schema schema) {
        if (schema.isNullable()) {
            boolean isNull = random == null || draws(3);
            out.put((byte) (isNull ? -1 : 1));
            if (isNull) return;
        }
        for (BoundField field : schema.fields()) type(field.def.type);
    }

    private void array(Type type, boolean compact) {
        int size = 0;
        if (random != null) size = type.isNullable() && draws(4) ? -1 : random.nextInt(4);
        else if (arraysSeen++ == denseArray) size = elements;
        else if (arraysSeen <= denseArray) size = 1;
        size(size, compact);
        for (int element = 0; element < size; element++) type(type.arrayElementType().orElseThrow());
    }

    private void tagged(TaggedFields tagged) {
        Map<Integer, byte[]> fields = new TreeMap<>();
        for (Map.Entry<Integer, Field> field : new TreeMap<>(tagged.fields()).entrySet()) {
            if (!draws(2)) continue;
            ByteBuffer outer = out;
            out = ByteBuffer.allocate(1 << 12);
            type(field.getValue().type);
            byte[] bytes = new byte[out.flip().remaining()];
            out.get(bytes);
            out = outer;
            fields.put(field.getKey(), bytes);
        }
        ByteUtils.writeUnsignedVarint(fields.size(), out);
        fields.forEach((tag, bytes) -> {
            ByteUtils.writeUnsignedVarint(tag, out);
            ByteUtils.writeUnsignedVarint(bytes.length, out);
            out.put(bytes);
        });
    }

    private void size(int size, boolean compact) {
        if (compact) ByteUtils.writeUnsignedVarint(size + 1, out);
        else out.putInt(size);
    }

    private long number() {
        return random == null ? 0 : random.nextInt(100);
    }

    private void primitive(String name) {
        boolean compact = name.startsWith("COMPACT");
        boolean isNull = name.contains("NULLABLE") && (random == null || draws(4));
        switch (name) {
            case "BOOLEAN" -> out.put((byte) (number() % 2));
            case "INT8" -> out.put((byte) number());
            case "INT16", "UINT16" -> out.putShort((short) number());
            case "INT32", "UINT32" -> out.putInt((int) number());
            case "INT64" -> out.putLong(number());
            case "FLOAT64" -> out.putDouble(number());
            case "UUID" -> out.putLong(number()).putLong(number());
            case "STRING", "NULLABLE_STRING" -> string(isNull);
            case "COMPACT_STRING", "COMPACT_NULLABLE_STRING" -> compactString(isNull);
            default -> bytes(isNull, compact, name.contains("RECORDS"));
        }
    }

    private byte[] text() {
        return new byte[] {'t', (byte) ('a' + random.nextInt(26)), (byte) ('a' + random.nextInt(26))};
    }

    private void string(boolean isNull) {
        out.putShort((short) (isNull ? -1 : random == null ? 0 : 3));
        if (!isNull && random != null) out.put(text());
    }

    private void compactString(boolean isNull) {
        ByteUtils.writeUnsignedVarint(isNull ? 0 : random == null ? 1 : 4, out);
        if (!isNull && random != null) out.put(text());
    }

    private void bytes(boolean isNull, boolean compact, boolean records) {
        byte[] bytes = isNull || random == null ? new byte[0] : text();
        if (records && !isNull && random != null) {
            bytes = new BatchBuilder().add(number(), text(), text()).build().array();
        }
        size(isNull ? -1 : bytes.length, compact);
        out.put(bytes);
    }
}
