package io.semel.txn;

import io.semel.txn.Coordinator.Asked;
import io.semel.txn.TxnCommand.Describe;
import io.semel.txn.TxnCommand.End;
import io.semel.txn.TxnCommand.Enlist;
import io.semel.txn.TxnCommand.InitProducerId;
import io.semel.txn.TxnCommand.Verify;
import io.semel.txn.TxnEvent.TxnChanged;
import io.semel.txn.TxnReply.Described;
import io.semel.txn.TxnReply.Ended;
import io.semel.txn.TxnReply.Initialised;
import io.semel.txn.TxnReply.Rejected;
import io.semel.wire.topic.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A story told to the room, line by line: what follows {@code >} is done, what is indented below is its whole
 * outcome. Everything is durable at once until the story says {@code unforced}.
 */
final class Transcript {
    private final Coordinator room = new Coordinator();
    private final Map<String, Asked> asking = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private long toldOffset;
    private final List<MarkerDuty> toldDuties = new ArrayList<>();

    /** The story with its outcomes as they are now; old outcomes are left out. */
    static String retell(String story) {
        Transcript transcript = new Transcript();
        for (String line : story.split("\n")) {
            if (line.startsWith("  ")) continue;
            transcript.lines.add(line);
            if (line.startsWith("> ")) transcript.perform(line.substring(2).trim().split(" +"));
        }
        return String.join("\n", transcript.lines) + "\n";
    }

    private void perform(String[] words) {
        switch (words[0]) {
            case "force" -> room.force();
            case "unforced" -> room.forcing = false;
            case "markers" -> markers(words);
            case "time" -> room.at(Long.parseLong(words[1]));
            case "crash" -> crash();
            case "import" -> imported(words);
            default -> ask(words);
        }
        tellOutcome();
    }

    private void markers(String[] words) {
        toldDuties.remove(0);
        if (words.length > 1 && words[1].equals("fail")) room.failMarkers();
        else room.writeMarkers();
    }

    private void crash() {
        toldDuties.clear();
        long lost = room.journal.endOffset() - room.journal.durableOffset();
        room.crash();
        toldOffset = room.journal.endOffset();
        lines.add("  lost: " + lost + " events");
    }

    private void imported(String[] words) {
        short epoch = Short.parseShort(words[3]);
        room.imported(new Txn(words[1], Long.parseLong(words[2]), epoch, (short) -1, Long.parseLong(words[2]),
            -1, 60_000,
            TxnPhase.EMPTY, List.of(), -1, room.nowMs, (short) 2));
    }

    /** {@code alice end app 100/0 v2 commit}. */
    private void ask(String[] words) {
        String[] producer = words.length > 3 ? words[3].split("/") : new String[] {"-1", "-1"};
        long producerId = Long.parseLong(producer[0]);
        short epoch = Short.parseShort(producer[1]);
        boolean version2 = words.length > 4 && words[4].equals("v2");
        TxnCommand command = switch (words[1]) {
            case "init" -> new InitProducerId(words[2], 60_000, producerId, epoch, -1, false, false);
            case "enlist" -> new Enlist(words[2], producerId, epoch, partitions(words[5]), version2);
            case "verify" -> new Verify(words[2], producerId, epoch, partitions(words[4]).get(0));
            case "end" -> new End(words[2], producerId, epoch, words[5].equals("commit"), version2, -1);
            case "describe" -> new Describe(words[2]);
            default -> throw new IllegalArgumentException(String.join(" ", words));
        };
        String name = words[0];
        if (asking.containsKey(name)) throw new IllegalArgumentException(name + " waits already");
        asking.put(name, room.ask(command));
        if (asking.get(name).waiting()) lines.add("  " + name + " waits");
    }

    private static List<TopicPartition> partitions(String words) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String word : words.split(",")) {
            int dash = word.lastIndexOf('-');
            partitions.add(new TopicPartition(word.substring(0, dash),
                Integer.parseInt(word.substring(dash + 1))));
        }
        return partitions;
    }

    private void tellOutcome() {
        for (; toldOffset < room.journal.endOffset(); toldOffset++) {
            lines.add("  journal " + toldOffset + ": " + tell(room.journal.read(toldOffset)));
        }
        for (Coordinator.Carried carried : room.carried) {
            if (toldDuties.contains(carried.duty())) continue;
            toldDuties.add(carried.duty());
            lines.add("  duty: " + tell(carried.duty()));
        }
        asking.entrySet().removeIf(entry -> {
            if (entry.getValue().waiting()) return false;
            lines.add("  " + entry.getKey() + ": " + tell(entry.getValue().reply()));
            return true;
        });
    }

    private static String tell(TxnEvent event) {
        return event instanceof TxnChanged changed ? tell(changed.txn()) : event.transactionalId()
            + " removed";
    }

    private static String tell(Txn txn) {
        StringBuilder text = new StringBuilder(txn.transactionalId() + " " + txn.phase().wireName() + " "
            + txn.producerId() + "/"
            + txn.producerEpoch());
        if (txn.previousProducerId() != txn.producerId()) text.append(", was ")
            .append(txn.previousProducerId());
        if (txn.nextProducerId() != Txn.NONE) text.append(", will be ").append(txn.nextProducerId());
        for (TopicPartition partition : txn.partitions()) text.append(' ').append(partition);
        if (txn.startMs() != Txn.NONE) text.append(", began ").append(txn.startMs());
        return text.append(", at ").append(txn.updatedMs()).append(", version ").append(txn.clientVersion())
            .toString();
    }

    private static String tell(MarkerDuty duty) {
        StringBuilder text = new StringBuilder(duty.commit() ? "commit " : "abort ");
        text.append(duty.producerId()).append('/').append(duty.producerEpoch());
        for (TopicPartition partition : duty.partitions()) text.append(' ').append(partition);
        return text.append(duty.version2() ? ", version 2" : ", version 1").append(", coordinator epoch ")
            .append(duty.coordinatorEpoch()).append(", rests on ").append(duty.restsOn()).toString();
    }

    private static String tell(TxnReply reply) {
        if (reply instanceof Rejected rejected) return rejected.error().name();
        if (reply instanceof Initialised initialised) return "initialised " + initialised.producerId() + "/"
            + initialised.epoch();
        if (reply instanceof Ended ended) return "ended " + ended.producerId() + "/" + ended.epoch();
        if (reply instanceof Described described) return tell(described.txn());
        return reply.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
}
