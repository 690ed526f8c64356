package io.semel.log.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semel.kernel.lane.Lane;
import io.semel.kernel.world.DiskFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RealIoTest {
    private static final int WORKS = 500;

    private final RealIo io = new RealIo(4);
    private final Mailbox lane = new Mailbox();

    @AfterEach
    void close() {
        io.close();
    }

    @Test
    void answersByMailOnTheLaneAndNotBefore() throws InterruptedException {
        List<String> answers = new ArrayList<>();

        io.run(null, () -> "done", lane, (value, problem) -> answers.add(value));
        Runnable mail = lane.next();

        assertTrue(answers.isEmpty());
        mail.run();
        assertEquals(List.of("done"), answers);
    }

    @Test
    void answersWithWhatWasThrown() throws InterruptedException {
        DiskFailure failure = new DiskFailure("broken", null);
        List<Throwable> answers = new ArrayList<>();

        io.run("key", () -> {
            throw failure;
        }, lane, (value, problem) -> answers.add(problem));
        io.run("key", () -> {
            throw new StackOverflowError();
        }, lane, (value, problem) -> answers.add(problem));
        lane.next().run();
        lane.next().run();

        assertSame(failure, answers.get(0));
        assertTrue(answers.get(1) instanceof StackOverflowError);
    }

    @Test
    void runsWorkOfOneKeyInOrderAndOneAtATime() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> order = new ArrayList<>();

        for (int number = 0; number < WORKS; number++) {
            int mine = number;
            io.run("key", () -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                order.add(mine);
                inside.decrementAndGet();
                return null;
            }, lane, (value, problem) -> { });
        }
        for (int number = 0; number < WORKS; number++) lane.next();

        assertEquals(1, most.get());
        assertEquals(WORKS, order.size());
        for (int number = 0; number < WORKS; number++) assertEquals(number, order.get(number));
    }

    @Test
    void letsOtherKeysPassOneThatIsStuck() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        for (int count = 0; count < 10; count++) {
            io.run("stuck", () -> stuck.await(1, TimeUnit.MINUTES), lane, (value, problem) -> { });
        }

        io.run("other", () -> "passed", lane, (value, problem) -> { });

        lane.next();
        stuck.countDown();
    }

    @Test
    void doesWhatWasHandedInBeforeItCloses() {
        AtomicInteger done = new AtomicInteger();
        for (int count = 0; count < 100; count++) io.run("key", done::incrementAndGet, lane,
                (value, problem) -> { });

        assertTrue(io.drain(TimeUnit.MINUTES.toMillis(1)));

        assertEquals(100, done.get());
    }

    @Test
    void answersWorkThatComesAfterItsCloseWithAFailure() throws InterruptedException {
        io.close();
        List<Throwable> answers = new ArrayList<>();

        io.run("key", () -> "late", lane, (value, problem) -> answers.add(problem));
        lane.next().run();

        assertTrue(answers.get(0) instanceof DiskFailure, answers::toString);
    }

    /** A lane whose mail the test reads. */
    private static final class Mailbox implements Lane {
        private final BlockingQueue<Runnable> mail = new LinkedBlockingQueue<>();

        Runnable next() throws InterruptedException {
            Runnable next = mail.poll(1, TimeUnit.MINUTES);
            if (next == null) throw new AssertionError("no mail came");
            return next;
        }

        @Override
        public int index() {
            return 0;
        }

        @Override
        public void post(Runnable letter) {
            mail.add(letter);
        }

        @Override
        public void atTurnEnd(Runnable letter) {
            throw new AssertionError("I/O is not a lane's turn");
        }

        @Override
        public void wakeAt(long deadlineMs, Runnable letter) {
            throw new AssertionError("I/O sets no alarms");
        }
    }
}
