package io.semel.kernel.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.law.ToyShard.Ask;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardHostTest {
    private final ListJournal journal = new ListJournal();
    private final Gate gate = new Gate(0);
    private final ToyShard shard = new ToyShard();
    private final List<String> answers = new ArrayList<>();
    private final List<Duty> carried = new ArrayList<>();
    private final List<ShardHost.Outcome<Ask>> outcomes = new ArrayList<>();
    private final ShardHost<Ask, String, String> host = new ShardHost<>(shard, journal, gate, this::carry);

    private void carry(Duty duty, ShardHost.Outcome<Ask> outcome) {
        carried.add(duty);
        outcomes.add(outcome);
    }

    private void ask(String asker, String word, long number, long nowMs) {
        host.submit(new Ask(word, number), reply -> answers.add(asker + ": " + reply), nowMs);
    }

    private void force(long nowMs) {
        journal.force();
        host.durable(nowMs);
    }

    @Test
    void answersOnlyOnceDurable() {
        ask("a", "add", 1, 0);
        ask("b", "read", 0, 0);

        assertEquals(List.of(), answers);

        force(1);
        force(2);

        assertEquals(List.of("a: sum 1", "b: sum 1"), answers);
    }

    @Test
    void answersAtOnceWhatRestsOnOldGround() {
        ask("a", "add", 1, 0);
        force(1);
        ask("b", "add", 1, 2);

        ask("c", "read old", 1, 2);

        assertEquals(List.of("a: sum 1", "c: sum 2"), answers);
    }

    @Test
    void releasesInOrderOfWhatIsRestedOn() {
        ask("a", "add", 1, 0);
        ask("b", "add", 1, 0);
        ask("c", "read old", 1, 0);

        journal.forceTo(1);
        host.durable(1);

        assertEquals(List.of("a: sum 1", "c: sum 2"), answers);

        force(2);

        assertEquals(List.of("a: sum 1", "c: sum 2", "b: sum 2"), answers);
    }

    @Test
    void refusesWhileTheDiskIsFullAndGoesOnAfterwards() {
        ask("a", "add", 1, 0);
        journal.full = true;
        ask("b", "add", 1, 1);
        journal.full = false;
        ask("c", "add", 1, 2);
        force(3);

        assertEquals(List.of("b: " + shard.unavailable(), "a: sum 1", "c: sum 2"), answers);
    }

    @Test
    void refusesWhatCannotBeWrittenDownAndGoesOn() {
        ask("a", "add", 1, 0);
        journal.unwritable = true;
        ask("b", "add", 1, 1);
        journal.unwritable = false;
        ask("c", "add", 1, 2);
        force(3);

        assertEquals(List.of("b: " + shard.unavailable(), "a: sum 1", "c: sum 2"), answers);
    }

    @Test
    void journalsDurableEventsOnlyAndNumbersThem() {
        ask("a", "add twice", 3, 0);
        ask("b", "whisper", 5, 0);

        assertEquals(List.of("add 3", "add 3"), journal.events);
        assertEquals(6, shard.whispers());
    }

    @Test
    void wakesTheParkedInOrderAndDecidesThemAnew() {
        ask("a", "await", 5, 0);
        ask("b", "await", 2, 0);
        ask("c", "await", 2, 0);

        ask("d", "add", 2, 10);
        force(11);

        assertEquals(List.of("d: sum 2", "b: reached 2", "c: reached 2"), answers);
        assertEquals(1, host.parkedCount());
    }

    @Test
    void doesNotWakeACommandByItsOwnEvent() {
        ask("a", "await", 100, 0);

        ask("b", "add and await", 1, 0);

        assertEquals(List.of("add 1"), journal.events);
        assertEquals(2, host.parkedCount());
    }

    @Test
    void wakesACommandThatWroteBeforeItParked() {
        ask("a", "add and await", 1, 0);

        ask("b", "add", 9, 1);
        force(2);

        assertEquals(List.of("b: sum 10", "a: reached 10"), answers);
    }

    @Test
    void answersALateWaiterOnceWhenItsTimeIsUp() {
        ask("a", "await", 5, 0);
        ask("b", "await", 5, 40);

        assertEquals(100, host.nextDeadlineMs());
        host.tick(99);
        assertEquals(List.of(), answers);
        host.tick(100);
        host.tick(101);

        assertEquals(List.of("a: late"), answers);
        assertEquals(140, host.nextDeadlineMs());
        ask("c", "add", 5, 120);
        host.tick(200);
        force(201);
        assertEquals(List.of("a: late", "c: sum 5", "b: reached 5"), answers);
    }

    @Test
    void ringsTheShardsOwnDeadline() {
        ask("a", "bell at", 50, 0);
        ask("b", "await", 1, 0);

        host.tick(49);
        assertEquals(List.of("bell 50"), journal.events);
        host.tick(50);
        force(51);

        assertEquals(List.of("a: set", "b: reached 1"), answers);
        assertEquals(Long.MAX_VALUE, shard.nextDeadlineMs());
    }

    @Test
    void carriesADutyOnceAndOnlyWhenDurable() {
        ask("a", "owe", 7, 0);
        ask("b", "add", 1, 0);
        assertEquals(0, carried.size());

        force(1);
        force(2);
        ask("c", "add", 1, 3);
        force(4);

        assertEquals(List.of(new ToyShard.Debt(7, 0)), carried);
        outcomes.get(0).settle(new Ask("pay", 7), 5);
        force(6);
        assertEquals(1, carried.size());
        assertEquals(List.of(), shard.duties());
    }

    @Test
    void isInNoHurryForWhatSettlesADutyUntilSomebodyIsAnsweredByIt() {
        ask("a", "owe", 7, 0);
        assertEquals(1, journal.hastened);
        force(1);

        outcomes.get(0).settle(new Ask("pay", 7), 2);

        assertEquals(2, journal.endOffset());
        assertEquals(1, journal.hastened);

        ask("b", "read old", 1, 3);
        assertEquals(1, journal.hastened);
        ask("c", "read", 0, 4);
        assertEquals(2, journal.hastened);
        force(5);
        assertEquals(List.of("a: owed", "b: sum 0", "c: sum 0"), answers);
    }

    @Test
    void carriesEarlyWhenSabotaged() {
        ShardHost<Ask, String, String> early = new ShardHost<>(shard, journal, gate,
            (duty, outcome) -> carried.add(duty), true);

        early.submit(new Ask("owe", 7), reply -> { }, 0);

        assertEquals(1, carried.size());
    }

    @Test
    void carriesAFailedDutyAgainAfterARestAndNotBefore() {
        ask("a", "owe", 7, 0);
        ask("b", "owe", 8, 0);
        force(1);

        outcomes.get(0).settle(null, 10);
        ask("c", "add", 1, 20);
        force(21);
        assertEquals(2, carried.size());
        assertEquals(10 + ShardHost.DUTY_RETRY_MS, host.nextDeadlineMs());
        host.tick(59);
        assertEquals(2, carried.size());
        host.tick(60);

        assertEquals(3, carried.size());
        assertEquals(7L, carried.get(2).key());
        assertEquals(Long.MAX_VALUE, host.nextDeadlineMs());
    }

    @Test
    void carriesANewDutyWhileAFailedOneRests() {
        ask("a", "owe", 7, 0);
        force(1);
        outcomes.get(0).settle(null, 10);

        ask("b", "owe", 8, 500);
        force(501);

        assertEquals(8L, carried.get(1).key());
        host.tick(501);
        assertEquals(7L, carried.get(2).key());
    }

    @Test
    void toleratesACarrierThatComesBackAtOnce() {
        List<Object> keys = new ArrayList<>();
        ShardHost<Ask, String, String> prompt = new ShardHost<>(shard, journal, gate, (duty, outcome) -> {
            keys.add(duty.key());
            outcome.settle(new Ask("pay", (Long) duty.key()), 1);
        });
        for (long debt = 1; debt <= 3; debt++) prompt.submit(new Ask("owe", debt), reply -> { }, 0);

        journal.force();
        prompt.durable(1);

        assertEquals(List.of(1L, 2L, 3L), keys);
        assertEquals(List.of(), shard.duties());
    }

    @Test
    void restsADutyWhoseOutcomeSettledNothing() {
        ask("a", "owe", 7, 0);
        force(1);

        outcomes.get(0).settle(new Ask("pay", 99), 10);
        ask("b", "add", 1, 20);
        force(21);
        assertEquals(1, carried.size());
        host.tick(60);

        assertEquals(2, carried.size());
    }

    @Test
    void looksForDutiesOnlyWhenOneCanHaveBecomeDue() {
        ask("a", "owe", 7, 0);
        force(1);
        int before = shard.dutyWalks();

        for (int turn = 0; turn < 100; turn++) ask("b" + turn, turn % 2 == 0 ? "read" : "add", 1, 2);

        assertEquals(before, shard.dutyWalks());
        force(3);
        assertEquals(before + 1, shard.dutyWalks());
    }

    @Test
    void refusesASecondOutcomeOfOneDuty() {
        ask("a", "owe", 7, 0);
        force(1);
        outcomes.get(0).settle(null, 10);

        assertThrows(Invariant.InvariantViolation.class, () -> outcomes.get(0).settle(new Ask("pay", 7), 11));
    }

    @Test
    void closesForGoodWhenTheJournalFailsAndAnswersEverybodyOnce() {
        ask("held", "add", 1, 0);
        ask("parked", "await", 50, 0);
        ask("owing", "owe", 7, 0);
        journal.failAt = 0;

        ask("failed", "add", 1, 1);
        ask("after", "read", 0, 2);
        journal.force();
        host.durable(3);
        gate.durable(3);
        host.tick(1000);

        assertTrue(host.closed());
        assertEquals(List.of("held: unavailable", "owing: unavailable", "parked: unavailable",
            "failed: unavailable",
            "after: unavailable"), answers);
        assertEquals(0, carried.size());
        assertEquals(Long.MAX_VALUE, host.nextDeadlineMs());
    }

    @Test
    void answersTheWokenOnceWhenTheJournalFailsAmongThem() {
        journal.failAt = 5;
        ask("a", "await", 50, 0);
        ask("b", "add and await", 1, 0);

        ask("c", "add and await", 1, 0);

        assertEquals(5, journal.events.size());
        assertEquals(List.of("a: unavailable", "b: unavailable", "c: unavailable"),
            answers.stream().sorted().toList());
    }

    @Test
    void ignoresAnOutcomeThatComesAfterTheEnd() {
        ask("a", "owe", 7, 0);
        force(1);
        host.close();
        host.close();

        outcomes.get(0).settle(new Ask("pay", 7), 5);

        assertEquals(List.of("owe 7"), journal.events);
    }

    @Test
    void foldsWhatCameByAnotherDoorAndWakes() {
        ask("a", "await", 5, 0);
        journal.append(List.of("add 5"));

        host.folded("add 5", 0, 1);
        force(2);

        assertEquals(List.of("a: reached 5"), answers);
    }

    @Test
    void letsAnAskerAskAgainFromItsAnswer() {
        host.submit(new Ask("add", 1), first -> ask("second", "add", 1, 1), 0);

        force(1);
        force(2);

        assertEquals(List.of("second: sum 2"), answers);
    }

    @Test
    void answersEveryAskerExactlyOnceWhateverHappens() {
        String[] words = {"add", "read", "whisper", "await", "add and await", "owe", "pay", "bell at"};
        int seeds = 300 * Integer.getInteger("semel.scale", 1);
        for (long seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            ListJournal log = new ListJournal();
            ToyShard room = new ToyShard();
            List<ShardHost.Outcome<Ask>> open = new ArrayList<>();
            ShardHost<Ask, String, String> walk =
                new ShardHost<>(room, log, new Gate(0), (duty, outcome) -> open.add(outcome));
            int[] count = new int[60];
            for (int step = 0; step < 60; step++) {
                int asker = step;
                long now = step * 20L;
                long number = random.nextInt(200);
                walk.submit(new Ask(words[random.nextInt(words.length)], number), reply -> count[asker]++,
                    now);
                if (random.nextInt(3) == 0) log.force();
                if (random.nextInt(2) == 0) walk.durable(now);
                if (random.nextInt(2) == 0) walk.tick(now);
                if (!open.isEmpty() && random.nextInt(2) == 0) {
                    open.remove(0).settle(random.nextBoolean() ? null : new Ask("pay", number), now);
                }
                if (random.nextInt(100) == 0) log.failAt = 0;
            }
            ToyShard again = new ToyShard();
            for (int at = 0; at < log.events.size(); at++) again.evolve(log.events.get(at), at);
            walk.close();

            for (int answers : count) assertEquals(1, answers, "seed " + seed);
            assertEquals(again.digest(), room.digest(), "I2, seed " + seed);
        }
    }
}
