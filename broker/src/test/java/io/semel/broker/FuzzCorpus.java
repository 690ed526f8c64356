package io.semel.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Damaged requests that are kept in {@code fuzz/requests.txt}: of each outcome that was seen the shortest
 * one, and whatever once broke something. What a broker draws anew in every life (a topic's id, a member's)
 * stands in them as a word of the same length. One thread.
 */
final class FuzzCorpus {
    private static final String RESOURCE = "/fuzz/requests.txt";
    private static final byte[] TOPIC = "the-topic's-id-t".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, byte[]> byName = new TreeMap<>();

    /** What is kept with the sources. */
    static FuzzCorpus kept() {
        FuzzCorpus corpus = new FuzzCorpus();
        try (InputStream resource = FuzzCorpus.class.getResourceAsStream(RESOURCE)) {
            for (String line : new String(resource.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.isBlank() || line.startsWith("#")) continue;
                String[] parts = line.split("\t", 2);
                corpus.byName.put(parts[0], HexFormat.of().parseHex(parts[1]));
            }
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
        return corpus;
    }

    /** Each with its name, for this broker. */
    Map<String, byte[]> framesFor(HonestRequests.Who who) {
        Map<String, byte[]> frames = new TreeMap<>();
        byName.forEach((name, frame) -> frames.put(name, exchanged(exchanged(frame, TOPIC, idOf(who)),
                wordFor(who), memberOf(who))));
        return frames;
    }

    /** Keeps it if nothing shorter has this outcome. @return whether the outcome is new */
    boolean learn(String outcome, byte[] frame, HonestRequests.Who who) {
        byte[] before = byName.get(outcome);
        if (before != null && before.length <= frame.length) return false;
        byName.put(outcome, exchanged(exchanged(frame, idOf(who), TOPIC), memberOf(who), wordFor(who)));
        return before == null;
    }

    void write(Path file) {
        List<String> lines = new ArrayList<>();
        lines.add("# outcome, request; written by RequestFuzzTest with -Dsemel.fuzz.keep=FILE");
        byName.forEach((name, frame) -> lines.add(name + "\t" + HexFormat.of().formatHex(frame)));
        try {
            Files.write(file, lines);
        } catch (IOException unwritable) {
            throw new IllegalStateException(unwritable);
        }
    }

    private static byte[] idOf(HonestRequests.Who who) {
        return ByteBuffer.allocate(16).putLong(who.topicId().getMostSignificantBits())
                .putLong(who.topicId().getLeastSignificantBits()).array();
    }

    private static byte[] memberOf(HonestRequests.Who who) {
        return who.member().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] wordFor(HonestRequests.Who who) {
        return "M".repeat(memberOf(who).length).getBytes(StandardCharsets.US_ASCII);
    }

    /** A copy with each {@code old} replaced by what is as long. */
    private static byte[] exchanged(byte[] frame, byte[] old, byte[] by) {
        byte[] copy = frame.clone();
        for (int at = 0; at + old.length <= copy.length; at++) {
            if (Arrays.equals(copy, at, at + old.length, old, 0, old.length)) {
                System.arraycopy(by, 0, copy, at, by.length);
            }
        }
        return copy;
    }
}
