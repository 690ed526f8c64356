package io.semel.it.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The judges of a group's commits and of who holds what must themselves be right. */
class BookmarksTest {
    private final Bookmarks bookmarks = new Bookmarks();

    @Test
    void acceptsTheLastAcknowledgedAndOneThatMayHaveComeAfterIt() {
        int first = bookmarks.begin(null, "a");
        bookmarks.acknowledged(first);
        int unknown = bookmarks.begin(null, "a");
        int last = bookmarks.begin(null, "a");
        bookmarks.acknowledged(last);

        assertEquals(List.of(), bookmarks.violations((long) last));
        assertEquals(List.of(), bookmarks.violations((long) unknown));
    }

    @Test
    void namesAnAcknowledgedCommitThatIsLost() {
        int first = bookmarks.begin(null, "a");
        bookmarks.acknowledged(first);
        bookmarks.acknowledged(bookmarks.begin(null, "a"));

        assertEquals(List.of("lost commit: bookmark 1 was acknowledged, 0 stands"),
                bookmarks.violations((long) first));
        assertEquals(2, bookmarks.violations(null).size());
    }

    @Test
    void namesARefusedCommitThatStands() {
        int refused = bookmarks.begin(null, "a");
        bookmarks.refused(refused);

        assertEquals(List.of("bookmark 0 was refused and stands"), bookmarks.violations((long) refused));
    }

    @Test
    void namesACommitThatAStaticMembersFormerLifeMade() {
        int late = bookmarks.begin("x", "a");
        bookmarks.renewed("x", "b");
        int last = bookmarks.begin("x", "b");
        int underWay = bookmarks.begin("y", "c");
        bookmarks.acknowledged(last);

        assertEquals(List.of(), bookmarks.violations((long) underWay));
        assertEquals(List.of("lost commit: bookmark 1 was acknowledged, 0 stands"),
                bookmarks.violations((long) late));
    }

    @Test
    void namesACommitThatWasTakenFromAStaticMembersFormerLife() {
        bookmarks.renewed("x", "a");
        bookmarks.renewed("x", "b");
        int late = bookmarks.begin("x", "a");
        bookmarks.acknowledged(late);
        bookmarks.acknowledged(bookmarks.begin("x", "b"));

        assertEquals(List.of("bookmark 0 was taken from a, which x was no longer"),
                bookmarks.violations(1L));
    }

    @Test
    void namesTwoOwnersInOneGeneration() {
        History history = new History();
        Owners owners = new Owners(history);
        owners.hold(1, "a", List.of(0, 1));
        owners.hold(2, "b", List.of(0));
        assertEquals(List.of(), history.complaints());

        owners.hold(2, "a", List.of(0, 1));

        assertEquals(List.of("two owners: in generation 2 chain 0 is held by b and by a"),
                history.complaints());
    }

    /** Dense seed 2000397: it had joined, was told to join again, and crashed before it was told its part. */
    @Test
    void whoHasJoinedAndNeverHadThePlaceIsNotLate() {
        bookmarks.renewed("x", "a");
        int unplaced = bookmarks.begin("x", "b");
        bookmarks.acknowledged(unplaced);

        assertEquals(List.of(), bookmarks.violations((long) unplaced));
    }
}
