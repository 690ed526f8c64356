package io.semel.txn;

import static io.semel.txn.Coordinator.ID;
import static io.semel.txn.Coordinator.IN_0;
import static io.semel.txn.Coordinator.enlist;
import static io.semel.txn.Coordinator.init;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.semel.txn.TxnCommand.Describe;
import io.semel.txn.TxnCommand.ListAll;
import io.semel.txn.TxnReply.Described;
import io.semel.txn.TxnReply.Listed;
import io.semel.txn.TxnReply.Rejected;
import io.semel.wire.error.ErrorCode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows 55 and 56 of the checklist: what the admin tools see. */
class AdminTest {
    private final Coordinator room = new Coordinator();

    private List<String> list(Set<TxnPhase> phases, Set<Long> producerIds, long durationMs, String prefix) {
        ListAll command = new ListAll(phases, producerIds, durationMs, name -> name.startsWith(prefix));
        return ((Listed) room.tell(command)).txns().stream().map(Txn::transactionalId).toList();
    }

    @Test
    void describesAnIdAsItStands() {
        room.tell(init(ID));
        room.at(2_000);
        room.tell(enlist(100, 0, true, IN_0));

        Txn txn = ((Described) room.tell(new Describe(ID))).txn();

        assertEquals("Ongoing", txn.phase().wireName());
        assertEquals(List.of(IN_0), txn.partitions());
        assertEquals(2_000, txn.startMs());
        assertEquals(new Rejected(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND), room.tell(new Describe("nobody")));
        assertEquals(new Rejected(ErrorCode.INVALID_REQUEST), room.tell(new Describe("")));
    }

    @Test
    void listsInOrderWhatPassesEveryFilter() {
        room.tell(init("b"));
        room.tell(init(ID));
        room.tell(init("a"));
        room.tell(enlist(101, 0, true, IN_0));
        room.at(11_000);

        assertEquals(List.of("a", ID, "b"), list(Set.of(), Set.of(), -1, ""));
        assertEquals(List.of(ID), list(EnumSet.of(TxnPhase.ONGOING), Set.of(), -1, ""));
        assertEquals(List.of("b"), list(Set.of(), Set.of(100L, 999L), -1, ""));
        assertEquals(List.of("a", ID), list(Set.of(), Set.of(), -1, "a"));
        assertEquals(List.of(ID), list(EnumSet.of(TxnPhase.ONGOING), Set.of(), 9_999, ""));
        assertEquals(List.of(), list(EnumSet.of(TxnPhase.ONGOING), Set.of(), 10_000, ""));
    }

    @Test
    void knowsPhasesByTheirNamesAndNumbers() {
        for (TxnPhase phase : TxnPhase.values()) {
            assertEquals(phase, TxnPhase.ofWireName(phase.wireName()));
            assertEquals(phase, TxnPhase.ofCode(phase.code()));
        }
        assertNull(TxnPhase.ofWireName("Dead"));
        assertNull(TxnPhase.ofCode((byte) 6));
        assertNull(TxnPhase.ofCode((byte) -1));
    }
}
