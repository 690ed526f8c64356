package io.semel.broker;

import io.semel.wire.message.ApiTable;
import io.semel.wire.message.RequestFrame;
import io.semel.wire.message.SliceRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Whole requests to be damaged, odd ones and honest ones: of every API in every version that the broker
 * advertises and can read, each version as often as any other. One thread.
 */
final class FuzzSeeds {
    private static final FuzzCorpus CORPUS = FuzzCorpus.kept();
    private static final int CRC_AT = 17;
    private static final int COVERED_FROM = 21;
    private static final int BATCH_HEAD = 61;

    private record Spoken(ApiKeys api, short version) { }

    private final HonestRequests.Who who;
    private final List<byte[]> kept;
    private final ApiTable table;
    private final List<Spoken> spoken = new ArrayList<>();
    private final List<List<byte[]>> frames = new ArrayList<>();

    FuzzSeeds(ApiVersionsResponseData advertised, HonestRequests.Who who) {
        this.who = who;
        this.kept = List.copyOf(CORPUS.framesFor(who).values());
        ApiTable read = ApiTable.of(advertised.apiKeys().stream().map(ApiVersion::apiKey).toList());
        for (ApiVersion row : advertised.apiKeys()) {
            ApiKeys api = ApiKeys.forId(row.apiKey());
            read = read.with(new ApiTable.Range(row.apiKey(), row.minVersion(), row.maxVersion()));
            int oldest = Math.max(row.minVersion(), api.messageType.lowestSupportedVersion());
            for (int version = oldest; version <= row.maxVersion(); version++) {
                spoken.add(new Spoken(api, (short) version));
                frames.add(null);
            }
        }
        this.table = read;
    }

    private static List<byte[]> all(Spoken one, HonestRequests.Who who) {
        List<byte[]> all = new ArrayList<>();
        for (ApiMessage body : new OddRequests(who.topicId(), one.version).of(one.api)) {
            all.add(frame(one, body));
        }
        ApiMessage honest = new HonestRequests(who, one.version).of(one.api);
        // as often as all the odd ones together: these go deepest
        if (honest != null) all.addAll(Collections.nCopies(all.size(), frame(one, honest)));
        return all;
    }

    /** As it goes over the wire, without its size. */
    private static byte[] frame(Spoken one, ApiMessage body) {
        ByteBuffer sized = RequestFrame.encode(one.api.id, one.version, 1, "fuzz", body);
        byte[] frame = new byte[sized.remaining() - Integer.BYTES];
        sized.get(Integer.BYTES, frame);
        return frame;
    }

    HonestRequests.Who who() {
        return who;
    }

    /** What the broker reads by. */
    ApiTable table() {
        return table;
    }

    int versions() {
        return spoken.size();
    }

    /** The numbers of each API's versions. */
    Map<ApiKeys, List<Integer>> byApi() {
        Map<ApiKeys, List<Integer>> numbers = new TreeMap<>();
        for (int number = 0; number < spoken.size(); number++) {
            numbers.computeIfAbsent(spoken.get(number).api, api -> new ArrayList<>()).add(number);
        }
        return numbers;
    }

    /** A request of the version of that number. */
    byte[] draw(int number, Random random) {
        if (frames.get(number) == null) frames.set(number, all(spoken.get(number), who));
        List<byte[]> some = frames.get(number);
        return some.get(random.nextInt(some.size()));
    }

    /**
     * A damaged request, mostly of the version of that number, else of those that are kept; batches in it may
     * be right in their CRC.
     */
    byte[] mutant(int number, Random random) {
        Mutation mutation = new Mutation(random, () -> draw(
                random.nextBoolean() ? number : random.nextInt(spoken.size()), random));
        boolean again = !kept.isEmpty() && random.nextInt(4) == 0;
        byte[] mutant = mutation.of(again ? kept.get(random.nextInt(kept.size())) : draw(number, random));
        if (mutant.length > 1 && mutant[0] == 0 && mutant[1] == 0 && random.nextBoolean()) seal(mutant);
        return mutant;
    }

    /** As {@link #mutant}, but in three of four cases one that can be read, if a few tries find one. */
    byte[] readableMutant(int number, Random random) {
        byte[] mutant = mutant(number, random);
        if (random.nextInt(4) == 0) return mutant;
        for (int tries = 0; tries < 40 && !isRead(mutant); tries++) mutant = mutant(number, random);
        return mutant;
    }

    private boolean isRead(byte[] frame) {
        return RequestFrame.decode(ByteBuffer.wrap(frame), table) instanceof RequestFrame.Request;
    }

    private void seal(byte[] frame) {
        RequestFrame decoded = RequestFrame.decode(ByteBuffer.wrap(frame), table);
        if (!(decoded instanceof RequestFrame.Request request)) return;
        if (!(request.body() instanceof ProduceRequestData produce)) return;
        produce.topicData().forEach(topic -> topic.partitionData().forEach(data -> {
            ByteBuffer batch = SliceRecords.bytesOf(data.records());
            if (batch == null || batch.remaining() < BATCH_HEAD) return;
            CRC32C crc = new CRC32C();
            crc.update(batch.slice(batch.position() + COVERED_FROM, batch.remaining() - COVERED_FROM));
            batch.putInt(batch.position() + CRC_AT, (int) crc.getValue());
        }));
    }

    String name(int number) {
        return spoken.get(number).api + " version " + spoken.get(number).version;
    }
}
